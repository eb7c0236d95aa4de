import type { Hold } from '../../domain/hold.ts'
import { NOTHING_STORED } from '../../domain/profile.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CustomerStore, Gathered } from '../../ports/customer-store.ts'
import { decodeHold } from '../hold-codec.ts'
import { addressOf, type Holder, holdsKey, statementsKey, vectorKey } from '../keys.ts'
import { decodePerson, EMPTY_RECORD, stateOf } from '../person-codec.ts'
import { NO_VECTOR, storedVector } from '../stored-vector.ts'
import { hasExpired, holderFor, personFor, recordKey } from '../subjects.ts'
import { statementsIn } from './addresses.ts'
import { bytesIn, bytesOfAll, READ } from './calls.ts'
import type { FeatureSets } from './feature-sets.ts'
import type { Link } from './link.ts'
import type { Command } from './link-command.ts'
import { META } from './meta-keys.ts'
import type { PersonParts } from './persons.ts'

/** For so long the feature set may have been unseen: a process that was paused looks first. */
const STALE_MS = 1_000

/**
 * Everything of somebody in one round trip: record, holds, vector, and beside it what is said of the address, which may
 * be on another node.
 * @param clock - instead of that of the node which holds him
 */
export function makeGather(
  { link, secret, facts }: Pick<PersonParts, 'link' | 'secret' | 'facts'>,
  featureSets: FeatureSets,
  clock: Clock | undefined,
): CustomerStore['gather'] {
  return async (subject, address) => {
    if (featureSets.age() > STALE_MS) await featureSets.read({})
    const featureSet = featureSets.current()?.set ?? null
    const reading = address === undefined ? NO_STATEMENTS : readStatements(link, secret, address)
    if (subject === null) {
      const [{ at }, addressConsents] = await Promise.all([link.sendTimed(META.format, []), reading])
      return { ...NOBODY, addressConsents, featureSet, readAt: clock?.() ?? at }
    }
    const who = personFor(secret, subject)
    const key = recordKey(subject, who)
    const commands: Command[] = [
      ['GET', key],
      ['HGETALL', holdsKey(holderFor(subject, who))],
    ]
    if ('customer' in subject && featureSet !== null)
      commands.push(['GET', vectorKey(featureSet.manifest.version, who)])
    const [{ replies, at }, addressConsents] = await Promise.all([link.sendTimed(key, commands), reading])
    const [record, held, packed] = replies
    const bytes = bytesIn(record)
    const stored =
      bytes === undefined ? EMPTY_RECORD : await facts.reading((numbers) => decodePerson(bytes, numbers))
    const { holds, revision } = holdsIn(bytesOfAll(held))
    // A node that took over may be behind the one before it: nobody is decided for before what he was granted last,
    // and revisions of holds are counted from the clock on.
    const readAt = Math.max(clock?.() ?? at, stored.profile?.updatedAt ?? 0, Number(revision))
    const { profile, ledger } = hasExpired(stored, readAt) ? EMPTY_RECORD : stored
    const vector = featureSet === null ? NO_VECTOR : storedVector(featureSet, bytesIn(packed))
    const basis = { record: stateOf(bytes), holds: revision }
    return { profile, ledger, holds, addressConsents, featureSet, ...vector, readAt, basis }
  }
}

const NOBODY: Omit<Gathered, 'addressConsents' | 'featureSet' | 'readAt'> = {
  ...NOTHING_STORED,
  basis: { record: '', holds: '' },
}
const NO_STATEMENTS = Promise.resolve([])

async function readStatements(link: Link, secret: Uint8Array, address: string) {
  const key = statementsKey(addressOf(secret, address))
  const [bytes] = (await link.send(key, [['GET', key]])).map(bytesIn)
  return statementsIn(bytes)
}

/** What is held against somebody, by himself. */
export async function readHolds(link: Link, holder: Holder): Promise<readonly Hold[]> {
  const key = holdsKey(holder)
  const [held] = await link.send(key, [['HGETALL', key]], READ)
  return holdsIn(bytesOfAll(held)).holds
}

/** Names and values in turn; the one without a name counts how often they changed. */
function holdsIn(held: readonly Buffer[]): { readonly holds: readonly Hold[]; readonly revision: string } {
  const holds: Hold[] = []
  let revision = ''
  for (let i = 0; i + 1 < held.length; i += 2) {
    if (held[i]!.length === 0) revision = held[i + 1]!.toString()
    else holds.push(decodeHold(held[i + 1]!))
  }
  return { holds, revision }
}
