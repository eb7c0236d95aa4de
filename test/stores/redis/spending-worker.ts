import { setTimeout as sleep } from 'node:timers/promises'
import { openRedisStore } from '../../../src/stores/redis/customer-store.ts'
import { allowance, ask, cap, decideFor, unitOf } from '../contract/decision-examples.ts'
import { customer } from '../contract/examples.ts'
import { PATIENT_MS, SECRET } from './redis-home.ts'

/**
 * One of several processes on one Redis: `<url> <task> <name> <max>`. To `spend` takes units of a volume, over and over,
 * each for another customer; to `fill` asks for one customer in room after room under one cap, until it is full; to
 * `hold` takes one unit and then waits. Tells its parent how many it was granted, each time that grows, and ends at a word.
 */
const [url, task, name, max] = process.argv.slice(2) as [string, string, string, string]
const store = await openRedisStore({ url, secret: SECRET, durability: 'async', timeoutMs: PATIENT_MS })
let isWanted = true
process.once('message', () => {
  isWanted = false
})
const volume = allowance('v', Number(max))
let granted = 0
for (let i = 0; isWanted; i++) {
  const of = customer(task === 'fill' ? 'one' : `${name}-${i}`)
  const isGranted =
    task === 'fill'
      ? await decideFor(store, of, cap({ max: Number(max) }), { facts: { placement: `${name}-${i}` } })
      : (await ask(store, of, { takes: [volume], shown: [{ units: [unitOf(volume)] }] })).granted.result ===
        'granted'
  if (isGranted) process.send?.(++granted)
  else if (task === 'fill') break
  else await sleep(10)
  if (task === 'hold') while (isWanted) await sleep(20)
}
await store.close()
process.disconnect()
