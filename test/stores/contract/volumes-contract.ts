import { describe, expect, it } from 'vitest'
import type { Allowance } from '../../../src/domain/volume.ts'
import { allowance, ask, granted, SHORT, type Shown, tell, unitOf } from './decision-examples.ts'
import type { DecisionStoreUnderTest, Decisions } from './decision-store-home.ts'
import { customer, DAY } from './examples.ts'

const PATIENCE_MS = 15_000

/** Takes a unit for somebody. @returns the grant, or null where none is left for now */
async function take(store: DecisionStoreUnderTest, who: string, of: Allowance, given: Shown = {}) {
  const shown = [{ ...given, units: [unitOf(of)] }]
  const { grant, granted: result } = await ask(store, customer(who), { shown, takes: [of] })
  if (result.result === 'granted') return grant
  expect(result).toEqual({ result: 'sold_out', volume: of.volume })
  return null
}

/**
 * What every decision store promises of volumes. A store may lend units to its processes, so that one of them finds none
 * while another has some left: all of them are to be had in the end.
 */
export function describeVolumes({ open, pass, sweepAll, eventually }: Decisions): void {
  /** Everything that can be taken now, by whichever process has it. */
  const takeAll = async (stores: readonly DecisionStoreUnderTest[], of: Allowance, prefix = 'c') => {
    const taken = []
    const deadline = Date.now() + PATIENCE_MS
    for (let i = 0; Date.now() < deadline; i++) {
      const grant = await take(stores[i % stores.length]!, `${prefix}${i}`, of)
      if (grant !== null) taken.push(grant)
      else if ((await stores[0]!.volumeAccount(of)).used >= of.allowed) break
      else await sweepAll()
      expect((await stores[0]!.volumeAccount(of)).used).toBeLessThanOrEqual(of.allowed)
    }
    return taken
  }

  describe('a volume', () => {
    it('is in use by none at first', async () => {
      const store = await open()
      expect(await store.volumeAccount(allowance('v', 5))).toEqual({ used: 0, leased: 0 })
      expect([...store.soldOut([allowance('v', 5)])]).toEqual([])
      expect([...store.soldOut([])]).toEqual([])
    })

    it('is given out to the last unit, and none beyond', async () => {
      const stores = [await open(), await open()]
      for (const max of [1, 2, 7, 30]) {
        const volume = allowance(`of ${max}`, max)
        expect(await takeAll(stores, volume, `${max}-`)).toHaveLength(max)
        expect(await stores[1]!.volumeAccount(volume)).toEqual({ used: max, leased: 0 })
        for (const store of stores) {
          expect(await take(store, 'late', volume)).toBeNull()
          await eventually(async () => expect([...store.soldOut([volume])]).toEqual([volume.volume]))
        }
      }
    })

    it('of none is never given out', async () => {
      const store = await open()
      expect(await take(store, 'a', allowance('none', 0))).toBeNull()
      expect((await store.volumeAccount(allowance('none', 0))).used).toBe(0)
    })

    it('has its periods apart, and is nobody else’s', async () => {
      const store = await open()
      const { readAt } = await store.gather(null)
      const days = ['2026-11-29', '2026-11-30'].map((period) =>
        allowance('daily', 1, { period, endsAt: readAt + DAY }),
      )
      for (const day of [...days, allowance('daily', 1), allowance('other', 1)]) {
        expect(await take(store, 'a', day)).not.toBeNull()
        expect(await take(store, 'b', day)).toBeNull()
        expect((await store.volumeAccount(day)).used).toBe(1)
      }
      const tomorrow = allowance('daily', 1, { period: '2026-12-01', endsAt: readAt + 2 * DAY })
      expect([...store.soldOut([tomorrow, allowance('third', 1)])]).toEqual([])
    })

    it('is given out no faster than it is allowed by now', async () => {
      const stores = [await open(), await open()]
      const paced = (allowed: number) => allowance('even', 100, { allowed })
      let taken = 0
      for (const allowed of [0, 1, 3, 10, 10, 12]) {
        taken += (await takeAll(stores, paced(allowed), `${allowed}-${taken}-`)).length
        expect(taken).toBe(allowed)
      }
    })

    it('is asked for several units, and for several volumes, all or nothing', async () => {
      const store = await open()
      const [few, many] = [allowance('few', 3), allowance('many', 100)]
      const two = {
        shown: [0, 1].map((i) => ({ facts: { placement: `p${i}` }, units: [unitOf(few), unitOf(many)] })),
        takes: [few, many, few, many],
      }
      await granted(store, customer('a'), two)
      expect((await ask(store, customer('b'), two)).granted).toEqual({ result: 'sold_out', volume: 'few' })
      expect((await store.volumeAccount(few)).used).toBe(2)
      expect((await store.volumeAccount(many)).used).toBe(2)
      expect(await take(store, 'c', few)).not.toBeNull()
    })
  })

  describe('a unit', () => {
    it('comes back when its hold is released, or runs out, and is given out again', async () => {
      const stores = [await open(), await open()]
      const volume = allowance('back', 6)
      const long = await takeAll(stores, { ...volume, allowed: 4 })
      const short = [
        await take(stores[0]!, 'short', volume, { heldMs: SHORT }),
        await take(stores[0]!, 'shorter', volume, { heldMs: SHORT }),
      ]
      expect([long.length, short.filter((grant) => grant !== null).length]).toEqual([4, 2])
      expect(await tell(stores[1]!, long[0]!, 'bounced')).toBe('released')
      expect(await tell(stores[1]!, long[0]!, 'bounced')).toBe('known')
      await pass(SHORT)
      await eventually(async () => expect((await stores[1]!.volumeAccount(volume)).used).toBe(3))
      expect(await takeAll(stores, volume, 'again-')).toHaveLength(3)
      await sweepAll()
      expect((await stores[0]!.volumeAccount(volume)).used).toBe(6)
    })

    it('stays in use when its hold is confirmed, whatever is told later', async () => {
      const store = await open()
      const volume = allowance('for good', 1)
      const grant = (await take(store, 'a', volume, { heldMs: SHORT }))!
      expect(await tell(store, grant, 'impression')).toBe('confirmed')
      expect(await tell(store, grant, 'cancelled')).toBe('recorded')
      await pass(SHORT)
      await sweepAll()
      expect((await store.volumeAccount(volume)).used).toBe(1)
      expect(await take(store, 'b', volume)).toBeNull()
    })

    it('of a hold that ran out is not taken again by what comes late', async () => {
      const store = await open()
      const volume = allowance('late', 1)
      for (const swept of [false, true]) {
        const grant = (await take(store, `${swept}`, volume, { heldMs: SHORT }))!
        await pass(SHORT)
        if (swept) await sweepAll()
        expect(await tell(store, grant, 'impression')).toBe('late')
        await eventually(async () => expect((await store.volumeAccount(volume)).used).toBe(0))
      }
    })

    it('moves with a hold that is renewed for another period', async () => {
      const store = await open()
      const { readAt } = await store.gather(null)
      const [today, tomorrow] = ['2026-11-29', '2026-11-30'].map((period) =>
        allowance('daily', 1, { period, endsAt: readAt + 2 * DAY }),
      )
      const grant = (await take(store, 'a', today!))!
      await granted(store, customer('a'), {
        shown: [{ renews: grant.holds[0]!.contact.ref, inMs: DAY, units: [unitOf(tomorrow!)] }],
        ...{ takes: [tomorrow!], returns: [unitOf(today!)] },
      })
      await eventually(async () => expect((await store.volumeAccount(today!)).used).toBe(0))
      expect((await store.volumeAccount(tomorrow!)).used).toBe(1)
      expect(await tell(store, grant, 'notShown')).toBe('released')
      await eventually(async () => expect((await store.volumeAccount(tomorrow!)).used).toBe(0))
      expect((await store.volumeAccount(today!)).used).toBe(0)
    })

    it('is taken once by a hold that is renewed without more', async () => {
      const store = await open()
      const volume = allowance('renewed', 3)
      const grant = (await take(store, 'a', volume))!
      for (let i = 0; i < 3; i++)
        await granted(store, customer('a'), {
          shown: [{ renews: grant.holds[0]!.contact.ref, units: [unitOf(volume)] }],
        })
      expect((await store.volumeAccount(volume)).used).toBe(1)
    })
  })
}
