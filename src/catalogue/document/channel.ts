import * as z from 'zod'
import { lever } from './action.ts'
import { crossCheck } from './cross-check.ts'
import { duration, tiers, timeZone } from './fields.ts'

/** Outcomes that tell that a contact took place. */
const CONFIRMING = [
  ...['sent', 'presented', 'impression', 'click', 'dismiss', 'later', 'reject', 'accept'],
  'conversion',
] as const

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "22:00"')

const quietHours = crossCheck(
  z.strictObject({
    from: timeOfDay.describe('no contact from this time of day on, HH:MM'),
    to: timeOfDay.describe('until just before this time of day, HH:MM'),
    timeZones: z
      .array(timeZone)
      .min(1)
      .optional()
      .describe('where people may live whose zone is not known: it is quiet while it is in any of them'),
    except: tiers.optional().describe('tiers that may disturb'),
  }),
  ({ from, to }, tell) => {
    if (typeof from === 'string' && from === to)
      tell(['to'], 'quiet hours end when they begin', 'let to differ from from, or remove quietHours')
  },
)

export const channel = z.strictObject({
  direction: z
    .enum(['inbound', 'outbound'])
    .default('inbound')
    .describe('inbound: the customer comes; outbound: we write'),
  confirmOn: z
    .enum(CONFIRMING)
    .optional()
    .describe('the outcome that turns a held contact into a counted one'),
  holdFor: duration.optional().describe('how long a contact is held until it is confirmed, such as 30m'),
  quietHours: quietHours.optional().describe('when nobody is contacted, in the customer’s time zone'),
  lever: lever.optional(),
})
