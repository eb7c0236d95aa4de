import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { RecordConsents } from '../../customers/record-consents.ts'
import { problems } from '../problem-responses.ts'
import { consentsReplySchema, consentsSchema, toWantedConsents } from '../schemas/consents.ts'
import { toCounts, toRecorded } from '../schemas/told.ts'

/** `POST /v1/consents`: what somebody has agreed to or refused. */
export function consentRoutes(recordConsents: RecordConsents): FastifyPluginAsync {
  return async (app) => {
    app.withTypeProvider<ZodTypeProvider>().post(
      '/v1/consents',
      {
        schema: {
          operationId: 'recordConsents',
          summary: 'Tell what somebody agreed to or refused; the next decision keeps to it',
          tags: ['customers'],
          body: consentsSchema,
          response: { 200: consentsReplySchema, ...problems(400, 403, 413, 415, 503) },
        },
      },
      async ({ body }, reply) => {
        const recorded = await recordConsents(toWantedConsents(body))
        void reply.header('cache-control', 'no-store')
        return { results: recorded.map(toRecorded), ...toCounts(recorded) }
      },
    )
  }
}
