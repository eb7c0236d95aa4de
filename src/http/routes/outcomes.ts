import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { RecordOutcomes } from '../../customers/record-outcomes.ts'
import { problems } from '../problem-responses.ts'
import {
  outcomesReplySchema,
  outcomesSchema,
  toOutcomesReply,
  toWantedOutcomes,
} from '../schemas/outcomes.ts'

/** `POST /v1/outcomes`: what became of what was decided. */
export function outcomeRoutes(recordOutcomes: RecordOutcomes): FastifyPluginAsync {
  return async (app) => {
    app.withTypeProvider<ZodTypeProvider>().post(
      '/v1/outcomes',
      {
        schema: {
          operationId: 'recordOutcomes',
          summary: 'Tell what became of decisions: what was shown is confirmed, what was not is released',
          tags: ['decisions'],
          body: outcomesSchema,
          response: { 202: outcomesReplySchema, ...problems(400, 403, 413, 415, 503) },
        },
      },
      async ({ body }, reply) => {
        const recorded = await recordOutcomes(toWantedOutcomes(body))
        void reply.header('cache-control', 'no-store').code(202)
        return toOutcomesReply(body, recorded)
      },
    )
  }
}
