import * as z from 'zod'
import { positionText, type RunTime } from '../../domain/run-time.ts'
import { type ActionLive, SWITCH_KINDS, type SwitchKind, switchKey } from '../../domain/run-time-state.ts'
import { idSchema } from './fields.ts'

export const liveParamsSchema = z.object({ id: idSchema })

const liveFields = {
  stock: z.int().nonnegative().optional().describe('units left; rules say live.stock'),
  price: z.number().nonnegative().optional().describe('in the catalogue’s currency; rules say live.price'),
}
/** `PUT /v1/actions/{id}/live`: all that is told of the action; what is left out is no longer known. */
export const liveSchema = z.strictObject(liveFields)
const runTimeSchema = z
  .string()
  .nullable()
  .describe('position of the run-time state, as decisions name it in versions.runTime')
export const liveReplySchema = z
  .object({ actionId: z.string(), live: z.object(liveFields), runTime: runTimeSchema })
  .meta({ id: 'Live', description: 'What is told of an action at run time' })

const onOff = z.enum(['on', 'off'])
const byId = z
  .record(idSchema, onOff)
  .refine((ids) => Object.keys(ids).length <= 1000, 'at most 1000 at once')
/** `PUT /v1/switches`: what is named is switched, everything else stays as it is. */
export const switchesSchema = z
  .strictObject({
    everything: onOff.optional().describe('off: every placement answers its fallback, nothing is sent'),
    channels: byId.optional(),
    groups: byId.optional(),
    actions: byId.optional(),
  })
  .refine((wanted) => Object.keys(wanted).length > 0, 'name what to switch, such as "actions"')
const offSince = z.record(z.string(), z.object({ switched: z.literal('off'), since: z.string() }))
export const switchesReplySchema = z
  .object({
    everything: onOff,
    channels: offSince,
    groups: offSince,
    actions: offSince,
    runTime: runTimeSchema,
  })
  .meta({ id: 'Switches', description: 'What is switched off; everything else is on' })

export function toLive(actionId: string, live: ActionLive, now: RunTime) {
  return { actionId, live, runTime: toPosition(now) }
}

function toPosition({ position }: RunTime): string | null {
  return position === null ? null : positionText(position)
}

export function toSwitches(runTime: RunTime) {
  const { off } = runTime.state
  const ofKind = (kind: SwitchKind) => {
    const prefix = switchKey({ kind, id: '' })
    return Object.fromEntries(
      [...off]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, since]) => [
          key.slice(prefix.length),
          { switched: 'off' as const, since: new Date(since).toISOString() },
        ]),
    )
  }
  return {
    everything: off.has(switchKey({ kind: SWITCH_KINDS[0], id: '' })) ? ('off' as const) : ('on' as const),
    channels: ofKind('channel'),
    groups: ofKind('group'),
    actions: ofKind('action'),
    runTime: toPosition(runTime),
  }
}
