import type { FastifyPluginAsync } from 'fastify'
import * as z from 'zod'
import type { Metrics } from '../../observe/metrics.ts'
import { problems } from '../problem-responses.ts'

/** `GET /metrics`, for Prometheus. */
export function metricsRoutes({ text, contentType }: Metrics): FastifyPluginAsync {
  return async (app) => {
    const schema = {
      operationId: 'readMetrics',
      summary: 'What all processes of this server have counted since it started, as Prometheus reads it',
      tags: ['health'],
      response: {
        200: {
          description: 'Prometheus text format',
          content: { 'text/plain': { schema: z.string() } },
        },
        ...problems(403, 503),
      },
    }
    app.get('/metrics', { schema }, async (_, reply) => {
      void reply.header('content-type', contentType).header('cache-control', 'no-store')
      return text()
    })
  }
}
