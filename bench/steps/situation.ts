import { buildCatalogue } from '../../src/catalogue/build.ts'
import { type GatherParts, gather } from '../../src/decide/gather.ts'
import { judge } from '../../src/decide/judge/judge.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { Attributes } from '../../src/domain/attributes.ts'
import { sha256Hex } from '../../src/domain/canonical-json.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import type { DecisionRequest } from '../../src/domain/decision-request.ts'
import type { ChannelId, CustomerId, PlacementId } from '../../src/domain/ids.ts'
import type { StoredCustomer } from '../../src/domain/profile.ts'
import type { ActionLive } from '../../src/domain/run-time-state.ts'
import type { Situation } from '../../src/domain/situation.ts'

/** A Sunday, 10:00 in Berlin. */
export const NOW = Date.parse('2026-11-01T09:00:00Z')

export function built(document: object, features: ReadonlySet<string> | null = null): Catalogue {
  return buildCatalogue(parseWritten(JSON.stringify(document), 'bench.json', 'catalogue_invalid'), {
    features,
  })
}

/** One placement, three actions. */
export interface Asked {
  readonly customer: string
  readonly channel: string
  readonly placement: string
  readonly context?: Attributes
  readonly address?: string
  /** Now, where it is not said. */
  readonly contactAt?: number
}

export interface Given {
  readonly catalogue: Catalogue
  readonly live?: ReadonlyMap<string, ActionLive>
  readonly stored: StoredCustomer
  readonly asked: Asked
}

/** What a decision depends on, gathered as a decision gathers it, of a customer of whom this is stored. */
export function gathered({ catalogue, live = new Map(), stored, asked }: Given): Situation {
  const runTime = { position: null, state: { live, off: new Map() } }
  const basis = { record: '', holds: '' }
  return gather(
    ask(asked),
    { ...stored, readAt: NOW, basis },
    {
      catalogue,
      runTime,
      store: STORE,
      now: NOW,
      newVisitor: () => 'nobody',
      unitsLeft: new Map(),
      canHold: true,
    },
  )
}

/** How many actions the judging step permits. */
export function judgeAll(situation: Situation): number {
  let permitted = 0
  for (const { refusals } of judge(situation)) if (refusals.length === 0) permitted++
  return permitted
}

const STORE: GatherParts['store'] = {
  person: (id) => ({ key: id, bucket: 0 }),
  hmac: (text) => sha256Hex(text),
  addressKey: (address) => address,
  soldOut: () => new Set(),
}

function ask({ customer, channel, placement, context = {}, address, contactAt }: Asked): DecisionRequest {
  return {
    requestId: undefined,
    customer: customer as CustomerId,
    sessionId: undefined,
    channel: channel as ChannelId,
    address,
    slates: [{ placement: placement as PlacementId, limit: 3, kinds: undefined }],
    context,
    locale: undefined,
    include: undefined,
    exclude: [],
    mode: 'live',
    at: undefined,
    contactAt,
    reserve: 'hold',
    deadlineMs: undefined,
    explain: 'none',
  }
}
