import { PLACEMENT } from './catalogue.ts'

export interface DecisionRequest {
  readonly customer: { readonly id: string }
  readonly sessionId: string
  readonly channel: string
  readonly placements: readonly { readonly id: string; readonly limit: number }[]
  readonly context?: Readonly<Record<string, unknown>>
}

export interface DecisionReply {
  readonly decisionId: string
  /** RFC 3339. */
  readonly validUntil: string
  readonly placements: readonly {
    readonly id: string
    readonly status: string
    readonly items: readonly {
      readonly rank: number
      readonly actionId: string
      readonly treatmentId: string
      readonly content: { headline: string; text: string; image: string; target: string }
      readonly propensity: number
      readonly priority: number
    }[]
  }[]
  readonly versions: { catalogue: string; model: string }
}

const text = { type: 'string' } as const
const id = { type: 'string', minLength: 1, maxLength: 128 } as const
const number = { type: 'number' } as const

function object<P extends Record<string, object>>(properties: P, required: readonly (keyof P)[]) {
  return { type: 'object', properties, required } as const
}

export const requestSchema = object(
  {
    customer: object({ id }, ['id']),
    sessionId: id,
    channel: id,
    placements: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: object(
        {
          id: { type: 'string', enum: [PLACEMENT] },
          limit: { type: 'integer', minimum: 1, maximum: 100, default: 1 },
        },
        ['id'],
      ),
    },
    context: { type: 'object', additionalProperties: true },
  },
  ['customer', 'sessionId', 'channel', 'placements'],
)

const item = object(
  {
    rank: { type: 'integer' },
    actionId: text,
    treatmentId: text,
    content: object({ headline: text, text, image: text, target: text }, ['headline', 'text']),
    propensity: number,
    priority: number,
  },
  ['rank', 'actionId', 'treatmentId', 'content', 'propensity', 'priority'],
)

export const replySchema = object(
  {
    decisionId: text,
    validUntil: text,
    placements: {
      type: 'array',
      items: object({ id: text, status: text, items: { type: 'array', items: item } }, [
        'id',
        'status',
        'items',
      ]),
    },
    versions: object({ catalogue: text, model: text }, ['catalogue', 'model']),
  },
  ['decisionId', 'validUntil', 'placements', 'versions'],
)
