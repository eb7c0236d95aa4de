import * as z from 'zod'
import { crossCheck } from './cross-check.ts'
import { duration, id, identifier, language, scalar, share, timeZone, where } from './fields.ts'

export const DEFAULTS = { currency: 'EUR', locale: 'en', timeZone: 'UTC', historyHorizon: '400d' }

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

export const defaults = z.strictObject({
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code such as EUR', abort: true })
    .refine((code) => currencies.has(code), 'must be an ISO 4217 code such as EUR')
    .default(DEFAULTS.currency)
    .describe('the currency of all money in the catalogue (ISO 4217)'),
  locale: language.default(DEFAULTS.locale).describe('the language that is spoken where none is asked for'),
  timeZone: timeZone.default(DEFAULTS.timeZone).describe('the time zone of days and hours (IANA)'),
  historyHorizon: duration
    .default(DEFAULTS.historyHorizon)
    .describe('how long contacts and outcomes are remembered'),
})

const attributeType = z.enum(['number', 'string', 'bool'])
const longType = z.strictObject({
  type: attributeType.describe('number, string or bool'),
  default: scalar.optional().describe('what it is where nobody gives it'),
})
const NEITHER_FORM = 'must be number, string or bool, or a type with a default'
const typeSpec = z.union([attributeType, longType], NEITHER_FORM)
const customerType = longType.extend({
  purpose: id
    .optional()
    .describe(
      'the purpose under which it is used; without it, it is not used for whom refuses personalisation',
    ),
})

export const types = z.strictObject({
  customer: z
    .record(identifier, z.union([attributeType, customerType], NEITHER_FORM))
    .default({})
    .describe('attributes of the customer'),
  context: z.record(identifier, typeSpec).default({}).describe('fields of a request’s context'),
})

/** The legal bases of the GDPR, article 6. */
export const purpose = z.strictObject({
  basis: z
    .enum(['consent', 'contract', 'legalObligation', 'vitalInterest', 'publicTask', 'legitimateInterest'])
    .describe('the legal basis (GDPR, article 6)'),
  default: z
    .enum(['allow', 'deny'])
    .optional()
    .describe('what holds while the customer has said nothing; deny for consent, else allow'),
})

export const identity = z.strictObject({
  unique: z.boolean().describe('true: it belongs to one person, as a loyalty card; false: as a cookie'),
  ttl: duration.optional().describe('how long it is remembered after it was last seen'),
})

export const target = z.strictObject({
  outcome: z.string().min(1).describe('the outcome that propensity means'),
  within: duration.describe('how long after the contact it counts'),
})

/** The name of a folder, and no way to another one. */
const modelId = id.refine(
  (name) => !/[\\/]/.test(name) && name !== '.' && name !== '..',
  'must be the name of a folder under MODELS, without a slash',
)

export const model = crossCheck(
  z.strictObject({
    id: modelId.describe('the folder under MODELS'),
    where: where.optional().describe('which candidates it scores; without it all'),
    challenger: z
      .strictObject({
        id: modelId.describe('the folder of the challenger'),
        share: share.describe('share of the customers whom it scores, 0 to 1'),
      })
      .optional()
      .describe('a model that is tried beside it'),
  }),
  ({ id: champion, challenger }, tell) => {
    const other = typeof challenger === 'object' && challenger !== null && 'id' in challenger
    if (other && typeof champion === 'string' && challenger.id === champion)
      tell(
        ['challenger', 'id'],
        'the model is its own challenger',
        'name another model, or remove challenger',
      )
  },
)
