import { buildCatalogue } from '../../src/catalogue/build.ts'
import { conclude } from '../../src/decide/conclude.ts'
import { fillSlates } from '../../src/decide/fill.ts'
import { gather } from '../../src/decide/gather.ts'
import { takenBy } from '../../src/decide/grant.ts'
import { screen } from '../../src/decide/judge/screen.ts'
import { addPropensity } from '../../src/decide/propensity.ts'
import { recordOf } from '../../src/decide/record.ts'
import { weigh } from '../../src/decide/weigh.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import { sha256Hex } from '../../src/domain/canonical-json.ts'
import type { ContactFacts } from '../../src/domain/contact.ts'
import { compileFeatureSet, type FeatureSet } from '../../src/domain/feature-set.ts'
import type { Hold } from '../../src/domain/hold.ts'
import type { DecisionId } from '../../src/domain/ids.ts'
import { EMPTY_PROFILE, NOTHING_STORED } from '../../src/domain/profile.ts'
import { toDecisionReply } from '../../src/http/schemas/decision.ts'
import { decisionRequestSchema, toDecisionRequest } from '../../src/http/schemas/decision-request.ts'
import type { Gathered } from '../../src/ports/customer-store.ts'
import { loadScorer } from '../../src/scoring/onnx-scorer.ts'
import { referenceCatalogue } from './catalogue.ts'
import { attributesOf, consentsOf, contactsOf, rowsOf } from './customers.ts'
import { MODELS } from './emma.ts'
import { referenceFeatures } from './features.ts'
import { requestOf } from './requests.ts'

const NOW = Date.parse('2026-11-01T09:00:00Z')
const NAME = 'b0000-00000000-0000-7000-8000-000000000000' as DecisionId

export const STEPS = [
  'parse',
  'gather',
  'judge',
  'score',
  'weigh',
  'fill',
  'conclude',
  'take',
  'record',
  'reply',
] as const
export type Step = (typeof STEPS)[number]

export interface InProcess {
  /**
   * The reference decision of the n-th request, from the text that was asked to the text that is answered, without server
   * and store.
   * @param done - told of each step when it is over
   */
  decide(n: number, done?: (step: Step) => void): Promise<string>
}

/** The reference shop in memory, with the real model. */
export async function inProcess(actions: number, customers: number): Promise<InProcess> {
  const manifest = referenceFeatures(customers)
  const features = compileFeatureSet(manifest)
  const document = JSON.stringify(referenceCatalogue(actions))
  const catalogue = buildCatalogue(parseWritten(document, 'reference.json', 'catalogue_invalid'), {
    features: new Set(features.indexOf.keys()),
  })
  const scorer = await loadScorer(MODELS, 'reference')
  const people = rowsOf(manifest, customers).map(({ values }, i) => stored(i, values, features))
  const parts = {
    catalogue,
    runTime: { position: null, state: { live: new Map(), off: new Map() } },
    store: {
      person: (id: string) => ({ key: id, bucket: 0 }),
      hmac: (text: string) => sha256Hex(text),
      addressKey: (address: string) => address,
      soldOut: () => new Set<string>(),
    },
    now: NOW,
    newVisitor: () => 'nobody',
    unitsLeft: new Map(),
    canHold: true,
  }
  return {
    async decide(n, done = () => {}) {
      const request = toDecisionRequest(decisionRequestSchema.parse(JSON.parse(requestOf(n, {}, customers))))
      done('parse')
      const situation = gather(request, people[n % customers]!, parts)
      done('gather')
      const judged = screen(situation)
      done('judge')
      const scored = addPropensity(judged.candidates, situation, scorer, scorer, fail)
      done('score')
      const weighed = weigh(scored.candidates, situation)
      done('weigh')
      const filled = fillSlates(weighed, situation, judged.everyone)
      done('fill')
      const decision = conclude(NAME, situation, scored, filled)
      done('conclude')
      takenBy(NAME, decision.slates, situation)
      done('take')
      recordOf(decision)
      done('record')
      const reply = JSON.stringify(toDecisionReply(decision, request))
      done('reply')
      return reply
    },
  }
}

function fail(error: unknown): void {
  throw error
}

/** In the second view of a visit: what the first showed is held. */
function stored(i: number, values: ArrayLike<number>, featureSet: FeatureSet): Gathered {
  const contacts = contactsOf(i, NOW).sort((a, b) => a.at - b.at)
  const visit = sha256Hex(`visit\nvisit-${i}`).slice(0, 16)
  return {
    ...NOTHING_STORED,
    profile: {
      ...EMPTY_PROFILE,
      attributes: attributesOf(i),
      consents: consentsOf(i, NOW).map(({ statement }) => statement),
      updatedAt: NOW,
    },
    ledger: { contacts, days: [] },
    holds: [1, 2, 3].map((k) => holdOf((i * 11 + k * 17) % 100, `h${k}`, visit)),
    featureSet,
    vector: Float32Array.from(values),
    readAt: NOW,
    basis: { record: '', holds: '' },
  }
}

function holdOf(action: number, ref: string, session: string): Hold {
  const facts: ContactFacts = {
    channel: 'web',
    placement: 'home',
    action: `action-${action}`,
    group: `group-${action % 8}`,
    tier: 'marketing',
    kind: 'offer',
  }
  const contact = { facts, ref, at: NOW - 60_000, heldUntil: NOW + 1_800_000, outcomes: [] }
  return { contact, session, confirmOn: 'impression', units: [] }
}
