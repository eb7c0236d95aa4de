import { describe, expect, it } from 'vitest'
import { makeFakeScorer } from '../fake-scorer.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, chosen, makeHouse, NOW } from '../make-house.ts'
import { deviations, TOO_FAR } from './statistics.ts'

const CUSTOMERS = 4000
const EPSILON = 0.3
const IDS = ['best', 'b', 'c', 'd']
const catalogue = makeCatalogue(
  IDS.map((id) => action(id, { in: ['hero', 'footer'], value: id === 'best' ? 2 : 1 })),
  {
    placements: ['hero', 'footer'].map((id) => ({ id, channel: 'web' })),
    exploration: { method: 'epsilon', epsilon: EPSILON },
  },
)

/** Of each customer, whether he was shown another than the best: then it must be an even day for him. */
async function shownOther(placement: string, now: number): Promise<boolean[]> {
  const decide = makeHouse(catalogue, { scorer: makeFakeScorer(), now })
  return Promise.all(
    Array.from({ length: CUSTOMERS }, async (_, i) => {
      const decision = await decide(ask({ customer: `${i}`, explain: 'none', slates: { [placement]: 1 } }))
      return chosen(decision)[placement]![0] !== 'best'
    }),
  )
}

/** Of those who were shown another, how many are so again. */
function again(first: readonly boolean[], second: readonly boolean[]): { times: number; of: number } {
  return { times: first.filter((other, i) => other && second[i]).length, of: first.filter(Boolean).length }
}

describe('an even day', async () => {
  const today = await shownOther('hero', NOW)

  it('comes as often as it is written, and draws all evenly', () => {
    const count = today.filter(Boolean).length
    expect(deviations(count, CUSTOMERS, (EPSILON * 3) / 4)).toBeLessThan(TOO_FAR)
  })

  it('is the same for all placements, however they are asked for', async () => {
    const { times, of } = again(today, await shownOther('footer', NOW))
    expect(deviations(times, of, 3 / 4)).toBeLessThan(TOO_FAR)
  })

  it('lasts as long as the day, and draws the same until it ends', async () => {
    expect(await shownOther('hero', NOW + 13 * 3_600_000)).toEqual(today)
  })

  it('says nothing of the next day', async () => {
    const { times, of } = again(today, await shownOther('hero', NOW + 24 * 3_600_000))
    expect(deviations(times, of, (EPSILON * 3) / 4)).toBeLessThan(TOO_FAR)
  })
})
