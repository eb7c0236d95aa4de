import Fastify from 'fastify'

/**
 * The baseline: Fastify alone, a POST route that reads a JSON body and answers an object as long as a decision.
 * Run as `node --import tsx bench/http/bare-server.ts <port> <answer as JSON>`.
 */
const [port, answer] = process.argv.slice(2)
const reply = JSON.parse(answer!)
const app = Fastify({ logger: false })
app.post('/v1/decisions', async () => reply)
await app.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 })
