import { Redis } from 'ioredis'
import { attributesOf, consentsOf, contactsOf, customerOf, rowsOf } from '../../reference/customers.ts'
import { featureSpecs, referenceFeatures } from '../../reference/features.ts'
import { actionKey, customerKey, groupKey } from './caps.ts'
import { type Cap, capPer } from './catalogue.ts'
import { type Profile, profileKey } from './profile.ts'

const AT_ONCE = 200

export interface Filled {
  readonly customers: number
  /** Epoch milliseconds. */
  readonly now: number
}

/** The same customers as Emma’s: their profiles, and of their contacts the counters whose windows are still open. */
export async function fillStraight(url: string, { customers, now }: Filled): Promise<void> {
  const redis = new Redis(url)
  const rows = rowsOf(referenceFeatures(customers), customers)
  try {
    for (let from = 0; from < customers; from += AT_ONCE) {
      const pipeline = redis.pipeline()
      for (let i = from; i < Math.min(from + AT_ONCE, customers); i++) {
        pipeline.set(profileKey(customerOf(i)), JSON.stringify(profileOf(i, rows[i]!.values, now)))
        for (const [key, { count, endsIn }] of countersOf(i, now)) pipeline.set(key, count, 'PX', endsIn)
      }
      for (const [error] of (await pipeline.exec())!) if (error !== null) throw error
    }
  } finally {
    redis.disconnect()
  }
}

function profileOf(i: number, values: ArrayLike<number>, now: number): Profile {
  return {
    attributes: attributesOf(i),
    consents: Object.fromEntries(
      consentsOf(i, now).map(({ statement: { purpose, state, at } }) => [
        purpose,
        { state, at: new Date(at).toISOString() },
      ]),
    ),
    rejected: Object.fromEntries(
      contactsOf(i, now).flatMap(({ facts, outcomes }) =>
        outcomes
          .filter(({ type }) => type === 'reject')
          .map(({ at }) => [facts.action!, new Date(at).toISOString()]),
      ),
    ),
    features: Object.fromEntries(featureSpecs().map(({ name }, column) => [name, values[column]!])),
  }
}

/** By key: how many contacts its window has, and in how many milliseconds it ends, counted from the first of them. */
function countersOf(i: number, now: number): Map<string, { count: number; endsIn: number }> {
  const counters = new Map<string, { count: number; endsIn: number }>()
  const customer = customerOf(i)
  for (const { facts, at } of contactsOf(i, now)) {
    const add = (key: string, { seconds }: Cap) => {
      const endsIn = at + 1000 * seconds - now
      if (endsIn <= 0) return
      const { count = 0, endsIn: soonest = endsIn } = counters.get(key) ?? {}
      counters.set(key, { count: count + 1, endsIn: Math.min(endsIn, soonest) })
    }
    add(customerKey(customer), capPer('customer'))
    add(groupKey(customer, facts.group!), capPer('group'))
    add(actionKey(customer, facts.action!), capPer('action'))
  }
  return counters
}
