import { setImmediate } from 'node:timers/promises'
import { openEnvironment } from '../../src/stores/embedded/environment.ts'
import { transact } from '../../src/stores/embedded/transactions.ts'

/**
 * One of several processes on one store: `<folder> <task>`. To `count` adds one to a counter, over and over; to `open` opens
 * and closes the store, over and over, and writes nothing. Tells its parent 0 when it has begun, and at a word from it
 * ends and tells how often it did so.
 */
const [folder, task] = process.argv.slice(2)
let isWanted = true
process.once('message', () => {
  isWanted = false
})
let { db } = await openEnvironment(folder!, undefined)
process.send?.(0)
let done = 0
for (; isWanted; done++) {
  if (task === 'count') {
    await transact(db, () => {
      const next = Number(db.get('count')?.toString() ?? 0) + 1
      void db.put('count', Buffer.from(`${next}`))
      void db.put(`room-${next % 100}`, Buffer.alloc(1 + (next % 1000)))
    })
  } else {
    await db.close()
    db = (await openEnvironment(folder!, undefined)).db
  }
  await setImmediate()
}
await db.close()
process.send?.(done, () => process.disconnect())
