import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { RunTimeControl } from '../../serving/run-time-control.ts'
import { problems } from '../problem-responses.ts'
import {
  liveParamsSchema,
  liveReplySchema,
  liveSchema,
  switchesReplySchema,
  switchesSchema,
  toLive,
  toSwitches,
} from '../schemas/run-time.ts'

/** Stock, prices and switches: told while a catalogue version serves, effective at the next decision. */
export function runTimeRoutes(runTime: RunTimeControl): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    app.get(
      '/v1/actions/:id/live',
      {
        schema: {
          operationId: 'readLive',
          summary: 'What is told of an action at run time',
          tags: ['run time'],
          params: liveParamsSchema,
          response: { 200: liveReplySchema, ...problems(400, 403, 422) },
        },
      },
      async ({ params: { id } }) => toLive(id, runTime.liveOf(id), runTime.now()),
    )
    app.put(
      '/v1/actions/:id/live',
      {
        schema: {
          operationId: 'tellLive',
          summary: 'Tell stock and price of an action; the next decision knows',
          tags: ['run time'],
          params: liveParamsSchema,
          body: liveSchema,
          response: { 200: liveReplySchema, ...problems(400, 403, 413, 415, 422, 503) },
        },
      },
      async ({ params: { id }, body }) => {
        const now = await runTime.tellLive(id, withoutUndefined(body))
        return toLive(id, now.state.live.get(id) ?? {}, now)
      },
    )
    app.get(
      '/v1/switches',
      {
        schema: {
          operationId: 'readSwitches',
          summary: 'What is switched off',
          tags: ['run time'],
          response: { 200: switchesReplySchema, ...problems(403) },
        },
      },
      async () => toSwitches(runTime.now()),
    )
    app.put(
      '/v1/switches',
      {
        schema: {
          operationId: 'setSwitches',
          summary: 'Switch actions, groups, channels or everything off and on; the next decision knows',
          tags: ['run time'],
          body: switchesSchema,
          response: { 200: switchesReplySchema, ...problems(400, 403, 413, 415, 422, 503) },
        },
      },
      async ({ body }) => toSwitches(await runTime.setSwitches(body)),
    )
  }
}

/** What was told of an action, without keys that hold nothing. */
function withoutUndefined({ stock, price }: { stock?: number | undefined; price?: number | undefined }) {
  return { ...(stock === undefined ? {} : { stock }), ...(price === undefined ? {} : { price }) }
}
