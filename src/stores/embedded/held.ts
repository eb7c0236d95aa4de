import type { Hold } from '../../domain/hold.ts'
import { SESSION_KEPT_MS } from '../../ports/customer-store.ts'
import { dueIn, dueKey, dueRange, type Holder, holdsKey } from '../keys.ts'
import type { Environment } from './environment.ts'
import { decodeHeld, encodeHeld, type HeldRecord } from './held-record.ts'

const NOTHING = Uint8Array.of(0)

/**
 * Live holds of everybody, with one entry for each under the moment when it runs out. What writes does so inside
 * transactions only.
 */
export function makeHeld(db: Environment) {
  const read = (holder: Holder): HeldRecord => decodeHeld(db.get(holdsKey(holder)))

  /** Writes the holds as they are from now on, over those of `before`. */
  const write = (
    holder: Holder,
    before: HeldRecord,
    { moment, drop, put }: { moment: number; drop: ReadonlySet<string>; put: readonly Hold[] },
  ): void => {
    // From the clock on, so that a record that is gone does not come back with a revision that was there.
    const revision = Math.max(before.revision + 1, moment)
    const goes = new Set([...drop, ...put.map(({ contact }) => contact.ref)])
    for (const { hold } of before.holds) if (goes.has(hold.contact.ref)) void db.remove(entryOf(holder, hold))
    const stays = before.holds.filter(({ hold }) => !goes.has(hold.contact.ref))
    const holds = [...stays, ...put.map((hold) => ({ hold, revision }))]
    for (const hold of put) void db.put(entryOf(holder, hold), NOTHING)
    if (holds.length === 0 && holder.of !== 'customer') void db.remove(holdsKey(holder))
    else
      void db.put(
        holdsKey(holder),
        encodeHeld({ revision, grantedAt: grantedAt(before, put, moment), holds }),
      )
  }

  return {
    read,
    /** A visit is forgotten after a day, and what it holds with it. */
    keptWith: ({ of }: Holder, hold: Hold, moment: number): Hold => {
      const heldUntil = Math.min(hold.contact.heldUntil, moment + SESSION_KEPT_MS)
      if (of !== 'session' || heldUntil === hold.contact.heldUntil) return hold
      return { ...hold, contact: { ...hold.contact, heldUntil } }
    },
    grant: (
      holder: Holder,
      before: HeldRecord,
      moment: number,
      drop: ReadonlySet<string>,
      put: readonly Hold[],
    ) => write(holder, before, { moment, drop, put }),
    drop: (holder: Holder, before: HeldRecord, refs: ReadonlySet<string>) =>
      write(holder, before, { moment: 0, drop: refs, put: [] }),
    /** Of whom something ran out, at most `limit` holds of them. */
    due(
      now: number,
      limit: number,
    ): readonly { readonly holder: Holder; readonly ref: string; readonly key: string }[] {
      return [...db.getKeys({ ...dueRange('hold', now), limit })].map((key) => ({ ...entryIn(key), key }))
    },
  }
}

export type HeldStore = ReturnType<typeof makeHeld>

function grantedAt(before: HeldRecord, put: readonly Hold[], moment: number): number {
  return put.length === 0 ? before.grantedAt : Math.max(before.grantedAt, moment)
}

function entryOf({ of, person }: Holder, { contact }: Hold): string {
  return dueKey('hold', contact.heldUntil, `${of}:${person.bucket}:${contact.ref}:${person.key}`)
}

function entryIn(key: string): { readonly holder: Holder; readonly ref: string } {
  const [, of, bucket, ref, person] = /^(\w+):(\d+):([0-9a-f]+):(.*)$/.exec(dueIn('hold', key))!
  return { holder: { of: of as Holder['of'], person: { key: person!, bucket: Number(bucket) } }, ref: ref! }
}
