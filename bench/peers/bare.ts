/**
 * Bare Fastify with one GET: reads a JSON body, asks Redis for 1,000 bytes of the customer, answers the same object always.
 * Run as `ANSWER=<a decision as JSON> node --import tsx bench/peers/bare.ts <port> <redis url>`.
 */
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { bareKey } from './fill-bare.ts'

const [port, url] = process.argv.slice(2)
const answer = JSON.parse(process.env.ANSWER!)
const redis = new Redis(url!)
const app = Fastify({ logger: false })

app.post<{ Body: { customer: { id: string } } }>('/v1/decisions', async (http) => {
  await redis.get(bareKey(http.body.customer.id))
  return answer
})
app.get('/healthz', async () => ({ status: await redis.ping() }))

await app.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 })
