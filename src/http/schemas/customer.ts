import * as z from 'zod'
import type { ConsentStatement } from '../../domain/consent.ts'
import { type Contact, type ContactDay, type ContactFacts, DAY_MS } from '../../domain/contact.ts'
import type { Hold } from '../../domain/hold.ts'
import { OUTCOMES } from '../../domain/outcome.ts'
import { NO_PREFERENCES } from '../../domain/preferences.ts'
import type { StoredCustomer } from '../../domain/profile.ts'
import { shortestFloat32 } from '../../domain/wire-number.ts'
import { attributesSchema, idSchema, kindSchema, tierSchema, timeSchema } from './fields.ts'
import {
  preferencesSchema,
  toPreferences,
  toWantedPreferences,
  wantedPreferencesSchema,
} from './preferences.ts'

/** What a feature set can have. */
const MOST_FEATURES = 4096

/** Contacts and days of an answer. */
const MOST_SHOWN = 1000

export const customerParamsSchema = z.object({ id: idSchema })

const byName = z.strictObject({
  version: z.string().optional().describe('refuse unless this feature set is in use'),
  values: z
    .record(z.string(), z.number('must be a finite number'))
    .refine((values) => Object.keys(values).length <= MOST_FEATURES, `at most ${MOST_FEATURES} features`)
    .describe('by name; the others stay as they are'),
})
const asVector = z.strictObject({
  version: z.string().describe('the feature set that the vector was made for'),
  vector: z
    .array(z.number('must be a finite number'))
    .max(MOST_FEATURES)
    .describe('every feature, in the manifest’s order'),
})

/** `PUT /v1/customers/{id}`: what is absent stays as it is. */
export const customerChangeSchema = z.strictObject({
  attributes: attributesSchema.optional().describe('as declared under types.customer'),
  preferences: wantedPreferencesSchema
    .optional()
    .describe('each wish replaces the one before, null forgets it'),
  features: z.union([byName, asVector]).optional(),
})

const factFields = {
  channel: z.string(),
  placement: z.string().nullable(),
  action: z.string().nullable(),
  group: z.string().nullable(),
  tier: tierSchema,
  kind: kindSchema,
}

const consentSchema = z.object({
  purpose: z.string().nullable().describe('null: whatever the purpose'),
  channel: z.string().nullable().describe('null: on all channels'),
  address: z.boolean().describe('whether it is for one address only'),
  state: z.enum(['granted', 'refused']),
  at: timeSchema.nullable().describe('null when nobody knows'),
  toldAt: timeSchema,
})

const contactSchema = z.object({
  ...factFields,
  at: timeSchema,
  outcomes: z.array(z.object({ type: z.enum(OUTCOMES), at: timeSchema, until: timeSchema.optional() })),
})

const holdSchema = z.object({
  ...factFields,
  at: timeSchema,
  heldUntil: timeSchema.describe('it counts until then, unless it is confirmed or released before'),
})

const daySchema = z.object({
  ...factFields,
  day: z.iso.date().describe('UTC'),
  contacts: z.int(),
  outcomes: z.partialRecord(z.enum(OUTCOMES), z.int()),
})

/** `GET /v1/customers/{id}` */
export const customerSchema = z
  .object({
    id: z.string(),
    attributes: attributesSchema,
    preferences: preferencesSchema,
    consents: z.array(consentSchema),
    updatedAt: z
      .string()
      .nullable()
      .describe('last change of attributes, preferences or consents; null when there was none'),
    features: z
      .object({
        set: z.string(),
        version: z.string(),
        asOf: z.string(),
        values: z.record(z.string(), z.number()),
      })
      .nullable(),
    contacts: z
      .array(contactSchema)
      .describe(`those of the last 92 days and the planned ones, newest first, at most ${MOST_SHOWN}`),
    holds: z
      .array(holdSchema)
      .describe(`what decisions hold for him until it is confirmed, newest first, at most ${MOST_SHOWN}`),
    days: z
      .array(daySchema)
      .describe(`older contacts, counted by what they were about, newest first, at most ${MOST_SHOWN}`),
  })
  .meta({ id: 'Customer', description: 'What is stored of the customer now' })

export function toWantedChange({ preferences, ...change }: z.output<typeof customerChangeSchema>) {
  return { ...change, preferences: preferences && toWantedPreferences(preferences) }
}

export function toCustomer(id: string, stored: StoredCustomer): z.output<typeof customerSchema> {
  const { profile, ledger, holds } = stored
  return {
    id,
    attributes: profile?.attributes ?? {},
    preferences: toPreferences(profile?.preferences ?? NO_PREFERENCES),
    consents: (profile?.consents ?? []).map(toConsent),
    updatedAt: profile === null ? null : toTime(profile.updatedAt),
    features: toFeatures(stored),
    contacts: newest(ledger.contacts).map(toContact),
    holds: newest(holds).map(toHold),
    days: newest(ledger.days).map(toDay),
  }
}

function toConsent({ address, at, toldAt, ...said }: ConsentStatement) {
  return {
    ...said,
    address: address !== null,
    at: at === null ? null : toTime(at),
    toldAt: toTime(toldAt),
  }
}

function toFeatures({ featureSet, vector }: StoredCustomer) {
  if (featureSet === null || vector === null) return null
  const { name, version, asOf, features } = featureSet.manifest
  const values = Object.fromEntries(features.map((feature, i) => [feature.name, shortestFloat32(vector[i]!)]))
  return { set: name, version, asOf, values }
}

function toContact({ facts, at, outcomes }: Contact) {
  return {
    ...toFacts(facts),
    at: toTime(at),
    outcomes: outcomes.map((outcome) => ({
      type: outcome.type,
      at: toTime(outcome.at),
      ...(outcome.until === undefined ? {} : { until: toTime(outcome.until) }),
    })),
  }
}

function toHold({ contact: { facts, at, heldUntil } }: Hold) {
  return { ...toFacts(facts), at: toTime(at), heldUntil: toTime(heldUntil) }
}

function toDay({ facts, day, contacts, outcomes }: ContactDay) {
  const date = toTime(day * DAY_MS).slice(0, 10)
  return { ...toFacts(facts), day: date, contacts, outcomes: Object.fromEntries(outcomes) }
}

function toFacts({ channel, placement, action, group, tier, kind }: ContactFacts) {
  return {
    channel,
    placement: placement ?? null,
    action: action ?? null,
    group: group ?? null,
    tier,
    kind,
  }
}

function newest<Item>(inOrder: readonly Item[]): Item[] {
  return inOrder.slice(-MOST_SHOWN).reverse()
}

function toTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
