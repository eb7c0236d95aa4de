import { createHash } from 'node:crypto'
import type { Contact } from '../../src/domain/contact.ts'
import type { FeatureManifest } from '../../src/domain/feature-set.ts'
import type { CustomerId } from '../../src/domain/ids.ts'
import type { Store } from '../../src/stores/open-store.ts'
import { makeRows } from '../load/rows.ts'
import { referenceFeatures } from './features.ts'

const HOUR_MS = 3_600_000
const HORIZON_MS = 400 * 24 * HOUR_MS
const AT_ONCE = 200
/** Told at once, at most: a store has a while for each call. */
const CONTACTS_AT_ONCE = 4000
/** So many contacts a customer had, when nothing else is said. */
export const CONTACTS = 20

export const customerOf = (i: number) => `customer-${i}` as CustomerId

export function attributesOf(i: number) {
  return {
    country: i % 3 === 0 ? 'AT' : 'DE',
    age: 18 + (i % 60),
    clubMember: i % 2 === 0,
    firstName: `Name${i % 500}`,
    since: 2000 + (i % 26),
  }
}

/** @param now - epoch milliseconds */
export function consentsOf(i: number, now: number) {
  return ['advertising', 'personalisation', 'profiling'].map((purpose, n) => ({
    subject: { customer: customerOf(i) },
    statement: {
      ...{ purpose, channel: null, address: null, state: 'granted' as const },
      ...{ at: now - (n + (i % 90)) * 24 * HOUR_MS, toldAt: now },
    },
  }))
}

/** Three days apart, or closer where there are many; each named as a decision’s hold is, each confirmed by having been seen. */
export function contactsOf(i: number, now: number, count = CONTACTS): Contact[] {
  const hoursApart = Math.min(72, (85 * 24) / count)
  return Array.from({ length: count }, (_, n): Contact => {
    const at = Math.round(now - (n * hoursApart + (i % 71) + 1) * HOUR_MS)
    const action = (i * 7 + n * 13) % 60
    const facts = {
      channel: n % 4 === 0 ? 'email' : 'web',
      placement: n % 4 === 0 ? 'newsletter' : 'home',
      action: `action-${action}`,
      group: `group-${action % 8}`,
      tier: 'marketing',
      kind: 'offer',
    } as const
    return { facts, ref: refOf(i, n), at, heldUntil: null, outcomes: [{ type: 'presented', at: at + 5000 }] }
  })
}

function refOf(i: number, n: number): string {
  return createHash('sha256').update(`${i} ${n}`).digest('hex').slice(0, 16)
}

export interface Filled {
  readonly customers: number
  /** In each ledger. */
  readonly contacts?: number
  readonly now: number
}

/** Everything that a store knows of the customers of the reference shop. */
export async function fillStore(
  store: Store,
  { customers, contacts = CONTACTS, now }: Filled,
): Promise<void> {
  const manifest = referenceFeatures(customers)
  await store.loader.put(manifest, rowsOf(manifest, customers))
  await store.loader.activate(manifest)
  const atOnce = Math.max(1, Math.min(AT_ONCE, Math.floor(CONTACTS_AT_ONCE / Math.max(1, contacts))))
  for (let from = 0; from < customers; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, customers - from) }, (_, i) => from + i)
    await Promise.all(
      some.map((i) => store.upsert(customerOf(i), { attributes: attributesOf(i) }, now, null)),
    )
    await store.recordConsents(some.flatMap((i) => consentsOf(i, now)))
    const told = some.flatMap((i) =>
      contactsOf(i, now, contacts).map((contact) => ({ subject: { customer: customerOf(i) }, contact })),
    )
    await store.recordContacts(told, now, HORIZON_MS)
  }
}

/** Features of every customer, in the order of the manifest: peers are filled with the same. */
export function rowsOf(manifest: FeatureManifest, customers: number) {
  return makeRows(manifest, customers)
}
