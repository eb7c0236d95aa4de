import { performance } from 'node:perf_hooks'
import { compileFeatureSet, type FeatureManifest, type FeatureSet } from '../../domain/feature-set.ts'
import { MANIFEST, VERSIONS_IN_USE } from '../feature-set-records.ts'
import { damaged, fromBytes, toBytes } from '../records.ts'
import { bytesIn, READ, WRITE } from './calls.ts'
import { untilNobodyComesBetween } from './compare-and-set.ts'
import type { CallOptions, Link } from './link.ts'
import type { Script } from './link-command.ts'
import { META } from './meta-keys.ts'

/** Which feature set is in use, and the version of the one before it. */
export interface InUse {
  readonly set: FeatureSet
  readonly previous: string | null
}

export interface FeatureSets {
  /** As it was known at most 100 ms ago; longer ago only while Redis does not answer. */
  current(): InUse | null
  /** For how many milliseconds it was not looked at. */
  age(): number
  /** As it is now. */
  read(patience?: CallOptions): Promise<InUse | null>
  /** Makes a set the one in use, and the one in use the one before. */
  use(manifest: FeatureManifest): Promise<void>
  close(): void
}

/** How long another process’s switch may stay unseen. */
const EVERY_MS = 100
/** Of sets that were compiled, those in use and one before stay. */
const COMPILED = 2

/** Keys: in use, manifests, versions. What must be in use, what shall be; its version, its manifest. */
const SWITCH: Script = {
  name: 'switch-feature-set',
  source: `
    if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
    redis.call('HSET', KEYS[3], ARGV[3], '0')
    redis.call('SET', KEYS[1], ARGV[2])
    return 1`,
}

/**
 * The feature set in use, read anew every 100 ms in the background: decisions do not ask for it. A vector’s key names its
 * version and the set before is kept, so what was gathered with it meanwhile is whole.
 */
export function makeFeatureSets(link: Link): FeatureSets {
  let known: Buffer | undefined
  let inUse: InUse | null = null
  let readAt = Number.NEGATIVE_INFINITY
  let asked = 0
  let answered = 0
  const compiled = new Map<string, FeatureSet>()

  const setOf = async (version: string): Promise<FeatureSet> => {
    const ready = compiled.get(version)
    if (ready !== undefined) return ready
    const [bytes] = (await link.send(META.manifests, [['HGET', META.manifests, version]], READ)).map(bytesIn)
    if (bytes === undefined) throw damaged(MANIFEST.what)
    return compileFeatureSet(fromBytes(MANIFEST, bytes))
  }

  const read = async (patience: CallOptions = READ): Promise<InUse | null> => {
    const ticket = ++asked
    const startedAt = performance.now()
    const [pointer] = (await link.send(META.featureSet, [['GET', META.featureSet]], patience)).map(bytesIn)
    let found = inUse
    if (pointer === undefined) found = null
    else if (known === undefined || !pointer.equals(known)) {
      const { current, previous } = fromBytes(VERSIONS_IN_USE, pointer)
      found = { set: await setOf(current), previous }
    }
    // What was asked later and answered already is newer.
    if (ticket < answered) return inUse
    answered = ticket
    known = pointer
    inUse = found
    readAt = startedAt
    if (found !== null) remember(compiled, found.set)
    return found
  }

  let isReading = false
  const timer = setInterval(() => {
    if (isReading) return
    isReading = true
    // Whoever needs it while it cannot be read is told so.
    void read()
      .catch(() => {})
      .finally(() => {
        isReading = false
      })
  }, EVERY_MS)
  timer.unref()

  return {
    current: () => inUse,
    age: () => performance.now() - readAt,
    read,
    async use(manifest) {
      const { version } = manifest
      await untilNobodyComesBetween('the feature set in use', async () => {
        const before = await read()
        if (before?.set.manifest.version === version) return {}
        const previous = before?.set.manifest.version ?? null
        const keys = [META.featureSet, META.manifests, META.featureVersions] as const
        const next = toBytes({ current: version, previous })
        const args = [known ?? '', next, version, toBytes(manifest)]
        return (await link.run(SWITCH, keys, args, WRITE)) === 1 ? {} : null
      })
      await read()
    },
    close: () => clearInterval(timer),
  }
}

function remember(compiled: Map<string, FeatureSet>, set: FeatureSet): void {
  const { version } = set.manifest
  compiled.delete(version)
  compiled.set(version, set)
  for (const old of compiled.keys()) if (compiled.size > COMPILED) compiled.delete(old)
}
