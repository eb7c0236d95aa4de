import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { pino } from 'pino'
import { uuidv7 } from 'uuidv7'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { type Customers, makeCustomers } from '../../src/customers/change-customer.ts'
import { makeRecordConsents } from '../../src/customers/record-consents.ts'
import { makeRecordContacts } from '../../src/customers/record-contacts.ts'
import { makeRecordOutcomes } from '../../src/customers/record-outcomes.ts'
import { type Decide, makeDecide } from '../../src/decide/decide.ts'
import { makeNameDecision } from '../../src/decide/name-decision.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { FeatureManifest } from '../../src/domain/feature-set.ts'
import type { CustomerId } from '../../src/domain/ids.ts'
import type { DegradedCode } from '../../src/domain/situation.ts'
import { makeApp } from '../../src/http/app.ts'
import type { DecisionReply } from '../../src/http/schemas/decision.ts'
import { makeMetrics } from '../../src/observe/metrics.ts'
import type { Scorer } from '../../src/ports/scorer.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { makeCatalogues } from '../../src/serving/catalogues.ts'
import { startDeadline } from '../../src/serving/deadline.ts'
import { openKeeper } from '../../src/serving/keeper.ts'
import { makePreparing } from '../../src/serving/prepare.ts'
import { makeRunTimeControl } from '../../src/serving/run-time-control.ts'
import { seedCatalogue } from '../../src/serving/seed.ts'
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'

export const CATALOGUE = `
schema: emma/v1
defaults: { locale: de, timeZone: Europe/Berlin }
types:
  customer: { firstName: string, age: number, club: { type: bool, default: false } }
  context: { intent: { type: string, default: "" }, basketValue: number }
purposes: { advertising: { basis: legitimateInterest, default: allow } }
groups: [{ id: footwear }]
# Nothing by chance: every run has a secret of its own.
exploration: { method: greedy }
channels: { web: { direction: inbound }, email: { direction: outbound } }
placements:
  - { id: hero, channel: web, order: 1, fallback: { headline: Willkommen } }
  - { id: strip, channel: web, order: 2 }
  - { id: mail, channel: email, fallback: { subject: nie gesendet } }
actions:
  - id: boots
    value: 10
    treatments: [{ id: boots-any, for: [hero, strip], content: { de: { headline: Stiefel }, en: { headline: Boots } } }]
  - id: scarf
    value: 10
    treatments: [{ id: scarf-any, for: [hero, strip], content: { de: { headline: Schal }, en: { headline: Scarf } } }]
  - id: advice
    kind: activity
    treatments: [{ id: advice-strip, for: [strip], content: { de: Rat, en: Advice } }]
  - id: letter
    minPropensity: 0.2
    treatments: [{ id: letter-mail, for: [mail], content: { de: { subject: Stiefel für dich } } }]
`

/** One feature of each storage. */
export const FEATURES: FeatureManifest = {
  format: 'emma-features/1',
  name: 'test-shop',
  version: '00000000000000a1',
  asOf: '2026-11-01',
  source: 'by hand',
  rows: 1,
  data: 'features.csv',
  key: 'customer',
  dimensions: [],
  features: [
    {
      name: 'boots_affinity',
      storage: 'u8',
      unit: 'percent',
      default: 0,
      meaning: 'how much boots are liked',
    },
    { name: 'days', storage: 'f16', unit: 'days', default: 1, meaning: 'since the last order' },
    { name: 'spent', storage: 'f32', unit: 'EUR', default: 2.5, meaning: 'in all orders' },
  ],
}

/** Boots and the letter are liked by their affinity, everything else by a tenth. */
const scorer: Scorer = {
  version: 'test',
  fits() {},
  score({ catalogue, customer }, positions) {
    const liked = (customer.vector?.[0] ?? 0) / 100
    const propensity = positions.map((position) =>
      ['boots', 'letter'].includes(catalogue.actions[position]!.id) ? liked : 0.1,
    )
    return { propensity: Float32Array.from(propensity), evidence: null }
  },
}

export interface Shop {
  readonly app: FastifyInstance
  readonly store: EmbeddedStore
  /** Everything that was logged, at the finest level and without redaction. */
  readonly log: () => string
  close(): Promise<void>
}

export interface Closures {
  readonly degraded?: readonly DegradedCode[]
  readonly decide?: Decide
  readonly customers?: Customers
  /** As it is written; {@link CATALOGUE} by default. */
  readonly catalogue?: string
  /** False leaves the store without a feature set. */
  readonly features?: boolean
}

/** The front door over a real store in a new folder; every answer is held against its schema. */
export async function openShop({
  degraded = [],
  features = true,
  catalogue = CATALOGUE,
  ...given
}: Closures = {}): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), 'emma-http-'))
  const store = await openEmbeddedStore(folder, undefined)
  if (features) {
    await store.loader.put(FEATURES, [{ id: 'anna' as CustomerId, values: [80, 3, 120.5] }])
    await store.loader.activate(FEATURES)
  }
  await seedCatalogue({
    store: store.catalogues,
    given: 'shop.yaml',
    read: async () => parseWritten(catalogue, 'shop.yaml', 'catalogue_invalid'),
    build: (written) => buildCatalogue(written),
    clock: Date.now,
    onDifference: () => {},
  })
  const preparing = makePreparing({
    chooseScorers: async () => ({
      ...{ scorer, challenger: null, degraded, models: new Map() },
      troubles: { champion: null, challenger: null },
      closeLoaded: async () => {},
    }),
    featureSet: store.featureSet,
    onTrouble: () => {},
  })
  const keeper = await openKeeper({
    meanwhile: null,
    store: store.catalogues,
    prepare: preparing.prepare,
    onTrouble: () => {},
    onServing: () => {},
  })
  const { serving, refresh } = keeper
  let log = ''
  const sink = new Writable({
    write(chunk, _, done) {
      log += chunk
      done()
    },
  })
  const metrics = makeMetrics({ ofProcess: false })
  const app = await makeApp({
    decide: makeDecide({
      onDecided: metrics.onDecided,
      onCommit: metrics.onCommit,
      startDeadline,
      // A busy machine may take its time to write.
      deadlineMs: 5_000,
      newVisitor: () => 'somebody',
      onTrouble: () => {},
      serving,
      store,
      prior: priorScorer,
      clock: Date.now,
      nameDecision: makeNameDecision(store, uuidv7),
    }),
    customers: makeCustomers(store, () => serving().catalogue, Date.now),
    recordContacts: makeRecordContacts(store, () => serving().catalogue, Date.now, metrics.onOverfilled),
    recordConsents: makeRecordConsents(store, () => serving().catalogue, Date.now),
    recordOutcomes: makeRecordOutcomes({
      store,
      catalogue: () => serving().catalogue,
      clock: Date.now,
      onOutcome: metrics.onOutcome,
      onOverfilled: metrics.onOverfilled,
    }),
    catalogues: makeCatalogues({
      store: store.catalogues,
      prove: preparing.prove,
      clock: Date.now,
      onPublished: refresh,
    }),
    runTime: makeRunTimeControl({ store: store.catalogues, serving, refresh, clock: Date.now }),
    readiness: async () => ({
      versions: { catalogue: serving().catalogue.version, model: scorer.version },
      degraded,
    }),
    metrics,
    logger: pino({ level: 'trace' }, sink),
    version: '0.0.0',
    checkReplies: true,
    ...given,
  })
  return {
    app,
    store,
    log: () => log,
    async close() {
      await app.close()
      await keeper.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type Headers = NonNullable<InjectOptions['headers']>

/** Sends a body as it is if it is text or bytes, as JSON otherwise. */
export function send(
  { app }: Shop,
  method: 'POST' | 'PUT',
  url: string,
  body: unknown,
  headers: Headers = { 'content-type': 'application/json' },
) {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return app.inject({ method, url, headers, payload })
}

export function ask(shop: Shop, body: unknown) {
  return send(shop, 'POST', '/v1/decisions', body)
}

/** The answer to a request that must be answered. */
export async function decided(shop: Shop, body: unknown): Promise<DecisionReply> {
  const reply = await ask(shop, body)
  if (reply.statusCode !== 200) throw new Error(`${reply.statusCode}: ${reply.body}`)
  return reply.json()
}
