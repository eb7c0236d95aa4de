import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Decide } from '../../decide/decide.ts'
import { problems } from '../problem-responses.ts'
import { decisionReplySchema, toDecisionReply } from '../schemas/decision.ts'
import { decisionRequestSchema, toDecisionRequest } from '../schemas/decision-request.ts'

/** A long list of candidates is 64 KiB; what is longer only costs time to refuse. */
const MAX_REQUEST_BYTES = 256 * 1024

/** `POST /v1/decisions`: the one call that everything is about. */
export function decisionRoutes(decide: Decide): FastifyPluginAsync {
  return async (app) => {
    app.withTypeProvider<ZodTypeProvider>().post(
      '/v1/decisions',
      {
        bodyLimit: MAX_REQUEST_BYTES,
        schema: {
          operationId: 'decide',
          summary: 'Decide what is right for a customer on a channel, now',
          tags: ['decisions'],
          body: decisionRequestSchema,
          response: { 200: decisionReplySchema, ...problems(400, 403, 413, 415, 422) },
        },
      },
      async (http, reply) => {
        const request = toDecisionRequest(http.body)
        const decision = await decide(request)
        void reply.header('cache-control', 'no-store')
        return toDecisionReply(decision, request)
      },
    )
  }
}
