import * as z from 'zod'
import { KINDS, TIERS } from '../domain/catalogue.ts'
import { ID_PATTERN } from '../domain/ids.ts'

const id = z.string().regex(ID_PATTERN, 'must be 1 to 128 printable characters')
/** Names that rules and templates may say. */
const identifier = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be an identifier: letters, digits, underscores')
const scalar = z.union(
  [z.string(), z.number(), z.boolean()],
  'must be a text, a finite number or true or false',
)
const moment = z.iso.datetime({
  offset: true,
  error: 'must be a time with zone such as 2026-11-01T00:00:00Z',
})
const text = z
  .json()
  .refine(
    (value) => !JSON.stringify(value).includes('{{'),
    'templates ({{…}}) are not supported by this version',
  )

const attributeType = z.enum(['number', 'string', 'bool'])
const typeSpec = z.union(
  [attributeType, z.strictObject({ type: attributeType, default: scalar.optional() })],
  'must be number, string or bool, or a type with a default',
)

const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as de or en-GB')

const treatment = z.strictObject({
  id,
  for: z.array(id).min(1).describe('placements in which this content plays'),
  content: z
    .record(language, text)
    .refine((content) => Object.keys(content).length > 0, 'needs at least one language'),
})

const action = z.strictObject({
  id,
  status: z.enum(['active', 'inactive']).default('active'),
  kind: z.enum(KINDS).default('offer'),
  tier: z.enum(TIERS).default('marketing'),
  group: id.optional(),
  value: z
    .number()
    .nonnegative()
    .default(1)
    .describe('margin per target outcome, in the catalogue’s currency'),
  minPropensity: z.number().min(0).max(1).default(0),
  validity: z.strictObject({ from: moment.optional(), to: moment.optional() }).optional(),
  attributes: z.record(identifier, scalar).default({}),
  treatments: z.array(treatment).min(1),
})

/** The catalogue document as a marketer writes it. Strict: a key it does not know is a fault, never ignored. */
export const catalogueDocumentSchema = z.strictObject({
  schema: z.literal('emma/v1'),
  defaults: z
    .strictObject({
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')
        .default('EUR'),
      locale: language.default('en'),
      timeZone: z
        .string()
        .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')
        .default('UTC'),
    })
    .default({ currency: 'EUR', locale: 'en', timeZone: 'UTC' }),
  types: z
    .strictObject({
      customer: z.record(identifier, typeSpec).default({}),
      context: z.record(identifier, typeSpec).default({}),
    })
    .default({ customer: {}, context: {} }),
  channels: z
    .record(id, z.strictObject({ direction: z.enum(['inbound', 'outbound']).default('inbound') }))
    .default({}),
  target: z
    .strictObject({
      outcome: z.string().min(1),
      within: z.string().regex(/^[1-9]\d*[hd]$/, 'must be like 7d or 12h'),
    })
    .default({ outcome: 'conversion', within: '7d' }),
  models: z
    .array(z.strictObject({ id }))
    .refine((models) => models.length <= 1, 'one model per catalogue in this version')
    .default([]),
  placements: z
    .array(
      z.strictObject({
        id,
        channel: id,
        contentType: z.enum(['json', 'text', 'html']).default('json'),
        order: z.int().default(0),
        fallback: text.optional(),
      }),
    )
    .min(1),
  groups: z.array(z.strictObject({ id })).default([]),
  actions: z.array(action).min(1).max(100_000),
})
export type CatalogueDocument = z.output<typeof catalogueDocumentSchema>

/** Keys of the document that later versions will support, by where they stand: refused by name, never ignored. */
const LATER: Record<string, Record<string, string>> = {
  root: {
    purposes: 'purposes and consent',
    identities: 'identity types',
    blocks: 'blocks per tier',
    contactPolicies: 'contact policies',
    volumes: 'volumes',
    arbitration: 'powers, levers and context weights',
    exploration: 'exploration',
    experiments: 'holdout, random and model arms',
    attribution: 'attribution',
  },
  defaults: { historyHorizon: 'the history horizon' },
  channels: { confirmOn: 'what confirms a contact', holdFor: 'holds', quietHours: 'quiet hours' },
  models: { where: 'several models', challenger: 'champion and challenger' },
  groups: { maxPerSlate: 'limits per group' },
  actions: {
    lever: 'levers',
    eligibility: 'engagement policy',
    applicability: 'engagement policy',
    suitability: 'engagement policy',
    purpose: 'purposes and consent',
    claims: 'attribution',
  },
  treatments: { needs: 'templates', otherwise: 'templates' },
}

/** What a key that is not supported yet would mean, for the sentence that refuses it. */
export function laterKey(path: readonly PropertyKey[], key: string): string | undefined {
  const where =
    path.length === 0
      ? 'root'
      : [...path].reverse().find((step) => typeof step === 'string' && Object.hasOwn(LATER, step))
  const inChannel = path[0] === 'channels' ? 'channels' : where
  const keys = LATER[String(inChannel ?? 'root')]!
  return Object.hasOwn(keys, key) ? keys[key] : undefined
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
