import { BUCKETS } from '../../ports/customer-store.ts'
import { profileKey } from '../keys.ts'
import { BULK, bytesIn, bytesOfAll, listIn, READ } from './calls.ts'
import type { Link } from './link.ts'
import type { Reply } from './link-command.ts'

/** Keys that a master is asked to look at in one step: some hundred microseconds. */
const COUNT = 1000
/** Buckets that are asked at once where their master is. */
const ASKED_AT_ONCE = 32

/** One key for each master, in a slot of its own; always in the same order. */
async function keyOfEachMaster(link: Link): Promise<string[]> {
  const masters = (await link.onEveryMaster([['INFO', 'server']], READ)).length
  const found = new Map<string, string>()
  for (let bucket = 0; bucket < BUCKETS && found.size < masters; bucket += ASKED_AT_ONCE) {
    const keys = Array.from({ length: ASKED_AT_ONCE }, (_, i) => profileKey({ key: '', bucket: bucket + i }))
    const said = await Promise.all(keys.map((key) => link.send(key, [['INFO', 'server']], READ)))
    for (const [i, key] of keys.entries()) {
      const master = nameIn(said[i]![0])
      if (!found.has(master)) found.set(master, key)
    }
  }
  return [...found.values()]
}

function nameIn(info: Reply | undefined): string {
  return /^run_id:(\w+)/m.exec(String(info))?.[1] ?? ''
}

/**
 * Looks through the keys of every master, a step at a time, so that nobody waits long for it. A key may come twice.
 * @param each - told of the keys of each step; false ends it
 */
export async function scanKeys(
  link: Link,
  pattern: string,
  each: (keys: readonly string[]) => boolean | Promise<boolean>,
): Promise<void> {
  for (const slotKey of await keyOfEachMaster(link)) {
    let cursor = '0'
    do {
      const scan = ['SCAN', cursor, 'MATCH', pattern, 'COUNT', COUNT] as const
      const [reply] = await link.send(slotKey, [scan], BULK)
      const [next, keys] = listIn(reply)
      cursor = String(bytesIn(next))
      if (!(await each(bytesOfAll(keys).map(String)))) return
    } while (cursor !== '0')
  }
}
