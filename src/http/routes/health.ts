import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { DEGRADED_CODES, type DegradedCode } from '../../domain/situation.ts'
import { problems } from '../problem-responses.ts'

const aliveSchema = z.object({ status: z.literal('alive') }).describe('The process answers')
const readySchema = z
  .object({
    status: z.enum(['ready', 'degraded']),
    versions: z.object({ catalogue: z.string(), model: z.string() }),
    degraded: z.array(z.enum(DEGRADED_CODES)).describe('what is missing; empty when everything is there'),
  })
  .describe('Emma decides, perhaps with less than everything')

/** What readiness tells: a catalogue is loaded and its model passed its checks, or was replaced by the prior. */
export type Readiness = () => Promise<{
  readonly versions: { readonly catalogue: string; readonly model: string }
  readonly degraded: readonly DegradedCode[]
}>

/** `/livez` touches nothing. `/readyz` answers once the server listens, which is after warm-up. */
export function healthRoutes(readiness: Readiness): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    for (const [path, operationId] of [
      ['/livez', 'isAlive'],
      ['/healthz', 'isHealthy'],
    ] as const) {
      const schema = {
        operationId,
        summary: 'The process is alive',
        tags: ['health'],
        response: { 200: aliveSchema, ...problems(403) },
      }
      app.get(path, { schema }, async () => ({ status: 'alive' as const }))
    }
    const schema = {
      operationId: 'isReady',
      summary: 'Emma can decide',
      tags: ['health'],
      response: { 200: readySchema, ...problems(403, 503) },
    }
    app.get('/readyz', { schema }, async () => {
      const { versions, degraded } = await readiness()
      return {
        status: degraded.length > 0 ? ('degraded' as const) : ('ready' as const),
        versions,
        degraded: [...degraded],
      }
    })
  }
}
