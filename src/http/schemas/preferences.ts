import * as z from 'zod'
import { DURATION_PATTERN } from '../../domain/duration.ts'
import type { Preferences } from '../../domain/preferences.ts'
import { idSchema } from './fields.ts'
import { momentSchema } from './told.ts'

/** Entries of one list of wishes at most. */
const MOST_WISHES = 100

const zoneSchema = z.string().min(1).max(64).describe('IANA name of the zone the customer lives in')
const paceSchema = z
  .array(
    z.strictObject({
      channel: idSchema.exactOptional().describe('over all channels by default'),
      max: z.int().nonnegative().describe('contacts at most'),
      window: z
        .string()
        .max(16)
        .regex(DURATION_PATTERN, 'must be like 30m, 24h, 7d or 2w')
        .describe('in any window as long as this, such as 7d'),
    }),
  )
  .max(MOST_WISHES)
  .describe('caps that the customer set')
const topicsSchema = z
  .array(idSchema)
  .max(MOST_WISHES)
  .describe('groups of actions that the customer does not want to hear of')
const pausesSchema = z
  .array(
    z.strictObject({
      channel: idSchema.exactOptional().describe('on any channel by default'),
      until: momentSchema.exactOptional().describe('until told otherwise by default'),
    }),
  )
  .max(MOST_WISHES)
  .describe('nothing at all for a while')

/** Wishes to be changed: each that is there replaces the one before, null forgets it. */
export const wantedPreferencesSchema = z.strictObject({
  timeZone: zoneSchema.nullable().optional(),
  pace: paceSchema.nullable().optional(),
  refusedTopics: topicsSchema.nullable().optional(),
  pauses: pausesSchema.nullable().optional(),
})

/** Wishes as they are kept. */
export const preferencesSchema = z.object({
  timeZone: zoneSchema.optional(),
  pace: paceSchema.optional(),
  refusedTopics: topicsSchema.optional(),
  pauses: pausesSchema.optional(),
})

export function toWantedPreferences({ pauses, ...wanted }: z.output<typeof wantedPreferencesSchema>) {
  if (pauses === undefined || pauses === null) return { ...wanted, pauses }
  const timed = pauses.map(({ until, ...pause }) =>
    until === undefined ? pause : { ...pause, until: Date.parse(until) },
  )
  return { ...wanted, pauses: timed }
}

export function toPreferences({ timeZone, pace, refusedTopics, pauses }: Preferences) {
  return {
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(pace === undefined ? {} : { pace: [...pace] }),
    ...(refusedTopics === undefined ? {} : { refusedTopics: [...refusedTopics] }),
    ...(pauses === undefined
      ? {}
      : {
          pauses: pauses.map(({ until, ...pause }) =>
            until === undefined ? pause : { ...pause, until: new Date(until).toISOString() },
          ),
        }),
  }
}
