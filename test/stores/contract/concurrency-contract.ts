import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Subject } from '../../../src/ports/customer-store.ts'
import {
  allowance,
  ask,
  cap,
  decideFor,
  grantOf,
  liveRefs,
  SHORT,
  tell,
  unitOf,
} from './decision-examples.ts'
import type { DecisionStoreUnderTest, Decisions } from './decision-store-home.ts'
import { customer, session } from './examples.ts'

const anna = customer('anna')

/** What every decision store promises of commits at the same time. */
export function describeCommitConcurrency({ open, pass, eventually }: Decisions): void {
  describe('commits at the same time', () => {
    it('of one customer in different places are all granted, and none begins anew', async () => {
      const stores = [await open(), await open()]
      for (const subject of [anna, session('anna')]) {
        const gathered = await Promise.all(
          Array.from({ length: 8 }, (_, i) => stores[i % 2]!.gather(subject)),
        )
        const results = await Promise.all(
          gathered.map((one, i) => {
            const shown = [{ facts: { placement: `p${i}`, action: `a${i}` } }]
            const caps = [cap({ per: 'placement' }), cap({ id: 'all', max: 8 })]
            return stores[i % 2]!.commit(grantOf(stores[i % 2]!, subject, one, { shown, caps }))
          }),
        )
        expect(results.map(({ result }) => result)).toEqual(results.map(() => 'granted'))
        expect(await liveRefs(stores[0]!, subject)).toHaveLength(8)
      }
    })

    it('fill a cap exactly, by two processes', async () => {
      const stores = [await open(), await open()]
      const subjects: Subject[] = [anna, session('anna')]
      for (const subject of subjects) {
        const refused: string[] = []
        const asked = Array.from({ length: 50 }, (_, i) => {
          const shown = { facts: { placement: `p${i}`, action: `a${i % 7}` } }
          return decideFor(stores[i % 2]!, subject, cap({ max: 3 }), shown, (why) => refused.push(why))
        })
        expect((await Promise.all(asked)).filter((isGranted) => isGranted)).toHaveLength(3)
        expect(refused.every((why) => why === 'capped')).toBe(true)
        expect(await liveRefs(stores[1]!, subject)).toHaveLength(3)
      }
    })

    it('are numbered without gaps', async () => {
      const stores = [await open(), await open()]
      const asked = Array.from({ length: 30 }, (_, i) =>
        ask(stores[i % 2]!, anna, { shown: [{ facts: { placement: `p${i}` } }], caps: [cap({ max: 20 })] }),
      )
      const sequences = (await Promise.all(asked)).flatMap(({ granted }) =>
        granted.result === 'granted' ? [granted.sequence] : [],
      )
      expect(sequences.sort((a, b) => a - b)).toEqual(sequences.map((_, i) => i + 1))
      expect(sequences.length).toBeGreaterThanOrEqual(20)
    })

    it('give out a volume to its last unit and never beyond, while units come back', async () => {
      const stores = [await open(), await open()]
      const volume = allowance('shared', 40)
      const unit = unitOf(volume)
      let isOver = false
      /** At every moment that is looked at. */
      const watch = async () => {
        while (!isOver) {
          await setImmediate()
          const { used, leased } = await stores[1]!.volumeAccount(unit)
          expect(used).toBeGreaterThanOrEqual(0)
          expect(used + leased).toBeLessThanOrEqual(volume.max)
        }
      }
      const confirmed = new Set<string>()
      const held = new Set<string>()
      const worker = async (store: DecisionStoreUnderTest, name: number) => {
        for (let i = 0; i < 25; i++) {
          // Of nine, three are confirmed, three are released, one runs out, and two stay.
          const [fate, heldMs] = [i % 9, i % 9 === 6 ? SHORT : 3_600_000]
          const subject = customer(`c${name}-${i}`)
          const { grant, granted } = await ask(store, subject, {
            shown: [{ units: [unit], heldMs }],
            takes: [volume],
          })
          if (granted.result !== 'granted') continue
          const { ref } = grant.holds[0]!.contact
          if (fate < 3) {
            expect(await tell(store, grant, 'impression')).toBe('confirmed')
            confirmed.add(ref)
          } else if (fate < 6) expect(await tell(store, grant, 'notShown')).toBe('released')
          else if (fate > 6) held.add(ref)
        }
      }
      const watching = watch()
      await Promise.all(Array.from({ length: 8 }, (_, i) => worker(stores[i % 2]!, i)))
      isOver = true
      await watching
      await pass(SHORT)
      await eventually(async () =>
        expect((await stores[0]!.volumeAccount(unit)).used).toBe(confirmed.size + held.size),
      )
      expect(confirmed.size + held.size).toBeLessThanOrEqual(volume.max)
      expect(confirmed.size).toBeGreaterThan(0)
    })

    it('and outcomes of one person lose nothing', async () => {
      const stores = [await open(), await open()]
      const shownAt = (i: number) => ({ facts: { placement: `p${i}`, action: `a${i}` } })
      const grants = []
      for (let i = 0; i < 12; i++) grants.push((await ask(stores[0]!, anna, { shown: [shownAt(i)] })).grant)
      const types = ['impression', 'notShown', 'sent'] as const
      const became = await Promise.all(
        grants.flatMap((grant, i) => [
          tell(stores[i % 2]!, grant, types[i % 3]!),
          decideFor(stores[1 - (i % 2)]!, anna, cap({ max: 100 }), shownAt(100 + i)),
        ]),
      )
      expect(became.filter((_, i) => i % 2 === 1)).toEqual(grants.map(() => true))
      expect(became.filter((_, i) => i % 2 === 0)).toEqual(
        grants.map((_, i) => ['confirmed', 'released', 'known'][i % 3]),
      )
      const { ledger } = await stores[0]!.gather(anna)
      expect(ledger.contacts).toHaveLength(4)
      expect(await liveRefs(stores[1]!, anna)).toHaveLength(4 + 12)
    })
  })
}
