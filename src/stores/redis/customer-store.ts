import { EmmaError } from '../../domain/errors.ts'
import type { CustomerId } from '../../domain/ids.ts'
import type { CatalogueStore } from '../../ports/catalogue-store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CustomerStore, FeatureLoader } from '../../ports/customer-store.ts'
import type { DecisionStore } from '../../ports/decision-store.ts'
import type { StoreHealth } from '../../ports/store-health.ts'
import { KEPT, type Kept } from '../kept.ts'
import { addressOf, personOf, sessionOf } from '../keys.ts'
import { hmacHex } from '../pseudonym.ts'
import { guarded, noLessPatient, WRITE } from './calls.ts'
import { type Guarded, makeCatalogueStore } from './catalogue-store.ts'
import { makeTurns } from './compare-and-set.ts'
import { makeRedisDecisionStore } from './decision-store.ts'
import { makeFactsDictionary } from './facts-dictionary.ts'
import { makeFeatureLoader } from './feature-loader.ts'
import { makeFeatureSets } from './feature-sets.ts'
import { makeGather } from './gather.ts'
import { redisHealth } from './health.ts'
import { refusalOf, secretOf } from './identity.ts'
import { type CallOptions, type Link, openLink } from './link.ts'
import { makeChangePerson } from './persons.ts'
import { makeSample } from './sample.ts'
import { makeTelling } from './telling.ts'
import { makeUpsert } from './upsert.ts'

export interface RedisStore extends CustomerStore, DecisionStore {
  readonly loader: FeatureLoader
  readonly catalogues: CatalogueStore
  readonly health: StoreHealth
}

export interface RedisStoreSettings {
  /** See `openLink`. */
  readonly url: string
  /** Keys ids and seeds; all processes of a store have the same. */
  readonly secret: string | undefined
  readonly durability: 'async' | 'replicated'
  /** Milliseconds after which Redis is given up that is asked for a decision; that of the link by default. */
  readonly timeoutMs?: number
  /** Instead of the clock of the node that holds somebody. */
  readonly clock?: Clock
  /** What catalogues keep; the bounds of the port by default. */
  readonly kept?: Kept
  /** Told when Redis is held off, and when it answers again. */
  onChange?(isUp: boolean, reason: string): void
}

/**
 * Opens a store in Redis, on one node or a cluster. Where Redis does not answer it is opened all the same: each call says
 * `store_unavailable` until it does, and is refused when the store turns out to be another’s.
 * @throws EmmaError `settings_invalid` without a SECRET, for a URL that names no Redis, for a store with another SECRET;
 *   `store_unavailable` for a store of another format.
 */
export async function openRedisStore(settings: RedisStoreSettings): Promise<RedisStore> {
  const secret = secretOf(settings.secret)
  const { url, durability, timeoutMs, onChange } = settings
  const opened = openLink({
    url,
    durability,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    onChange(isUp, reason) {
      // It may be another Redis than before, or one that has lost everything.
      if (isUp) door.checkAgain()
      onChange?.(isUp, reason)
    },
  })
  const link = timeoutMs === undefined ? opened : noLessPatient(opened, timeoutMs)
  const featureSets = makeFeatureSets(link)
  const door = makeDoor(async (patience) => {
    const refusal = await refusalOf(link, secret, patience)
    if (refusal === null) await featureSets.read(patience)
    return refusal
  })
  const store = makeStore(link, secret, featureSets, door.pass, settings)
  const refusal = await door.check(WRITE).catch(() => null)
  if (refusal === null) return store
  await store.close()
  throw refusal
}

/** Lets nobody through before the store is known to be ours. Whoever waits there waits as long as a decision may. */
function makeDoor(look: (patience: CallOptions) => Promise<EmmaError | null>) {
  let state: 'unknown' | 'ours' | EmmaError = 'unknown'
  let looking: Promise<EmmaError | null> | null = null
  const check = (patience: CallOptions = {}): Promise<EmmaError | null> => {
    looking ??= look(patience)
      .then((refusal) => {
        state = refusal ?? 'ours'
        return refusal
      })
      .finally(() => {
        looking = null
      })
    return looking
  }
  const pass: Guarded = (work) =>
    guarded(async () => {
      if (state === 'unknown') await check()
      if (state instanceof EmmaError) throw state
      return work()
    })
  const checkAgain = (): void => {
    state = 'unknown'
    void check(WRITE).catch(() => {})
  }
  return { check, pass, checkAgain }
}

function makeStore(
  link: Link,
  secret: Uint8Array,
  featureSets: ReturnType<typeof makeFeatureSets>,
  pass: Guarded,
  { clock, durability, kept = KEPT }: RedisStoreSettings,
): RedisStore {
  const person = (id: CustomerId) => personOf(secret, id)
  const inTurn = makeTurns()
  const facts = makeFactsDictionary(link)
  const parts = { link, secret, facts, inTurn }
  const changePerson = makeChangePerson(parts)
  const gather = makeGather(parts, featureSets, clock)
  const telling = makeTelling(parts, changePerson)
  const upsert = makeUpsert(parts, featureSets, changePerson)
  const sample = makeSample(parts, featureSets)
  const loader = makeFeatureLoader(link, person, featureSets)
  const { close: closeDecisions, ...decisions } = makeRedisDecisionStore({ ...parts, clock }, pass)
  let closing: Promise<void> | null = null

  return {
    person,
    visitor: (sessionId) => sessionOf(secret, sessionId),
    hmac: (text) => hmacHex(secret, text),
    featureSet: () => pass(async () => (await featureSets.read())?.set ?? null),
    addressKey: (address) => addressOf(secret, address).key,
    gather: (subject, address) => pass(() => gather(subject, address)),
    upsert: (...change) => pass(() => upsert(...change)),
    recordContacts: (...told) => pass(() => telling.recordContacts(...told)),
    recordConsents: (...told) => pass(() => telling.recordConsents(...told)),
    sample: (limit) => pass(() => sample(limit)),
    loader: {
      put: (...rows) => pass(() => loader.put(...rows)),
      loadedRows: (manifest) => pass(() => loader.loadedRows(manifest)),
      noteLoaded: (...noted) => pass(() => loader.noteLoaded(...noted)),
      activate: (manifest) => pass(() => loader.activate(manifest)),
    },
    ...decisions,
    catalogues: makeCatalogueStore(link, inTurn, pass, kept),
    health: redisHealth(link, durability),
    close() {
      featureSets.close()
      closing ??= closeDecisions().then(() => link.close())
      return closing
    },
  }
}
