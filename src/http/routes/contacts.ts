import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { RecordContacts } from '../../customers/record-contacts.ts'
import { problems } from '../problem-responses.ts'
import { contactsReplySchema, contactsSchema, toWantedContacts } from '../schemas/contacts.ts'
import { toCounts, toRecorded } from '../schemas/told.ts'

/** `POST /v1/contacts`: what was offered to whom, by whichever system, and what became of it. */
export function contactRoutes(recordContacts: RecordContacts): FastifyPluginAsync {
  return async (app) => {
    app.withTypeProvider<ZodTypeProvider>().post(
      '/v1/contacts',
      {
        schema: {
          operationId: 'recordContacts',
          summary: 'Tell of contacts and of what became of them; the next decision counts them',
          tags: ['customers'],
          body: contactsSchema,
          response: { 200: contactsReplySchema, ...problems(400, 403, 413, 415, 503) },
        },
      },
      async ({ body }, reply) => {
        const recorded = await recordContacts(toWantedContacts(body))
        void reply.header('cache-control', 'no-store')
        const results = recorded.map((one, i) => ({ id: body.contacts[i]!.id, ...toRecorded(one) }))
        return { results, ...toCounts(recorded) }
      },
    )
  }
}
