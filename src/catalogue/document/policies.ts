import * as z from 'zod'
import { COUNTED_PER } from '../../domain/contact-policy.ts'
import { PERIODS } from '../../domain/volume.ts'
import { crossCheck, type Tell } from './cross-check.ts'
import { duration, id, outcome, where } from './fields.ts'

const after = crossCheck(
  z.strictObject({
    outcome: outcome.describe('the outcome after which it is silent'),
    times: z.int().min(1).default(1).describe('how often it must have come'),
    within: duration.optional().describe('in which time it must have come that often'),
    without: outcome.optional().describe('only if this outcome did not come meanwhile'),
  }),
  ({ times, within }, tell) => {
    if (typeof times === 'number' && times > 1 && within === undefined)
      tell(['times'], 'this says how often and not in which time', 'add within, such as 7d')
  },
)

/** A cap (max in a window) or a silence (after an outcome). */
export const contactPolicy = crossCheck(
  z.strictObject({
    id: id.describe('its name in reasons and logs'),
    where: where.optional().describe('which contacts it counts; without it all'),
    per: z.enum(COUNTED_PER).describe('what is counted apart, for each customer'),
    max: z.int().min(0).optional().describe('at most so many contacts in the window'),
    window: duration.optional().describe('the rolling window of max, such as 7d'),
    after: after.optional().describe('what must have come for it to be silent'),
    suppressFor: duration.optional().describe('how long it is then silent, such as 30d'),
  }),
  checkForm,
)

const CAP = ['max', 'window'] as const
const SILENCE = ['after', 'suppressFor'] as const

function checkForm(written: Readonly<Record<string, unknown>>, tell: Tell): void {
  const caps = CAP.filter((key) => written[key] !== undefined)
  const silences = SILENCE.filter((key) => written[key] !== undefined)
  const both = 'write max and window, or after and suppressFor'
  if (caps.length > 0 && silences.length > 0)
    tell([silences[0]!], `this is a cap (${caps.join(', ')}) and a silence (${silences.join(', ')})`, both)
  else if (caps.length + silences.length === 0)
    tell([], 'this policy caps nothing and silences nothing', both)
  else {
    for (const [keys, said] of [
      [CAP, caps],
      [SILENCE, silences],
    ] as const) {
      if (said.length === 1)
        for (const key of keys.filter((each) => each !== said[0]))
          tell([said[0]!], `${said[0]} says nothing without ${key}`, `add ${key}`)
    }
  }
}

export const volume = z.strictObject({
  id: id.describe('its name in reasons and logs'),
  where: where.describe('whose contacts it counts'),
  max: z.int().min(0).describe('at most so many contacts'),
  per: z.enum(PERIODS).describe('in which period, in the catalogue’s time zone'),
  pacing: z
    .enum(['even', 'asap'])
    .default('asap')
    .describe('even: spread over the period; asap: first come, first served'),
})
