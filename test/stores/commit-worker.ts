import { overfilledCap } from '../../src/domain/cap-check.ts'
import type { DecisionId } from '../../src/domain/ids.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { allowance, cap, grantOf, tell, unitOf } from './contract/decision-examples.ts'
import { customer } from './contract/examples.ts'

/**
 * One of several processes that commit to one store: `<folder> <worker> <count>`. Each round wants room under the cap of
 * one of a few customers, and a unit of the volume that all share; some of what is granted is released or confirmed.
 * Tells its parent how often each answer came, and what of it stays. `full`: there was no room when it was gathered.
 */
const [folder, worker, count] = process.argv.slice(2)
const store = await openEmbeddedStore(folder!, undefined)
const volume = allowance('shared', 150)
const answers: Record<string, number> = {}
const stays: { readonly customer: string; readonly decision: DecisionId }[] = []
const sequences: string[] = []
const attempt = async (i: number, who: string, between?: () => Promise<void>) => {
  const gathered = await store.gather(customer(who))
  await between?.()
  const grant = grantOf(store, customer(who), gathered, {
    shown: [{ facts: { placement: `p${worker}-${i}` }, units: [unitOf(volume)] }],
    caps: [cap({ max: 8 })],
    takes: [volume],
  })
  const isFull = overfilledCap(grant.checks, gathered.holds, gathered.readAt, new Set()) !== null
  const granted = isFull ? { result: 'full' as const } : await store.commit(grant)
  answers[granted.result] = (answers[granted.result] ?? 0) + 1
  if (granted.result !== 'granted') return
  sequences.push(`${grant.decision.slice(0, 5)} ${granted.sequence}`)
  const became = i % 3 === 0 ? await tell(store, grant, i % 2 === 0 ? 'notShown' : 'impression') : null
  if (became !== 'released') stays.push({ customer: who, decision: grant.decision })
}
// Whether one is confirmed between another's reading and its commit is chance below, so it is made to happen once.
await attempt(-1, 'c0', () => attempt(-3, 'c0'))
// Five at once, so that some judge by what the others are about to change.
for (let i = 0; i < Number(count); i += 5)
  await Promise.all([0, 1, 2, 3, 4].map((j) => attempt(i + j, `c${(i / 5) % 20}`)))
await store.close()
process.send?.({ answers, stays, sequences }, () => process.disconnect())
