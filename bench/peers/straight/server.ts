/**
 * The reference decision as a competent team would build it in a straightforward way with the same stack.
 * Run as `node --import tsx bench/peers/straight/server.ts <port> <redis url>`.
 */
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { makeDecide } from './decide.ts'
import { type DecisionRequest, replySchema, requestSchema } from './schemas.ts'

const [port, url] = process.argv.slice(2)
const redis = new Redis(url!)
const decide = await makeDecide(redis)
const app = Fastify({ logger: false })

app.post<{ Body: DecisionRequest }>(
  '/v1/decisions',
  { schema: { body: requestSchema, response: { 200: replySchema } } },
  async (http) => decide(http.body),
)
app.get('/healthz', async () => ({ status: await redis.ping() }))

await app.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 })
