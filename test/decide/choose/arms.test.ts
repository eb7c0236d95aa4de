import { describe, expect, it } from 'vitest'
import { armOf } from '../../../src/decide/arm.ts'
import { makeSeeds } from '../../../src/decide/seeds.ts'
import { ARMS, type Arm } from '../../../src/domain/experiment.ts'
import { draw, firstBits, lotOf, unit } from '../../../src/domain/lot.ts'
import { makeFakeStore } from '../fake-store.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, makeHouse, type Question } from '../make-house.ts'
import { dependence, deviations, TOO_FAR, unevenness } from './statistics.ts'

const MANY = 50_000
const store = makeFakeStore()

function shop(experiments: object, challenger = 0) {
  return makeCatalogue([action('a')], {
    experiments,
    models: [{ id: 'm', ...(challenger === 0 ? {} : { challenger: { id: 'next', share: challenger } }) }],
  })
}

const seedsOf = (question: Question, day: string, catalogue: ReturnType<typeof shop>) =>
  makeSeeds(ask(question), day, catalogue, store, () => 'somebody')

/** The arms of customers 0 … on a day. */
function armsOn(day: string, catalogue: ReturnType<typeof shop>, n = MANY): Arm[] {
  return Array.from({ length: n }, (_, i) => armOf(seedsOf({ customer: `${i}` }, day, catalogue), catalogue))
}

const shareOf = (arms: readonly Arm[], arm: Arm) => arms.filter((one) => one === arm).length

describe('the shares of 50,000 customers', () => {
  it.each([
    [0.1, 0.2, 0.3],
    [0.5, 0.5, 0.3],
    [0, 0.02, 0],
    [0.9, 0.05, 1],
    [1, 0, 1],
  ])('are as written: holdout %d, random %d, of the others challenger %d', (holdout, random, model) => {
    const catalogue = shop({ holdout: { share: holdout }, random: { share: random } }, model)
    const arms = armsOn('2026-11-01', catalogue)
    const rest = 1 - holdout - random
    const expected = { holdout, random, challenger: rest * model, champion: rest * (1 - model), none: 0 }
    for (const arm of ARMS) {
      const share = expected[arm]
      const count = shareOf(arms, arm)
      if (share < 1e-12 || share > 1 - 1e-12) expect(count, arm).toBe(share < 0.5 ? 0 : MANY)
      else expect(deviations(count, MANY, share), arm).toBeLessThan(TOO_FAR)
    }
  })
})

describe('an arm', () => {
  const catalogue = shop(
    { holdout: { share: 0.2, rotate: 'quarter' }, random: { share: 0.3, rotate: 'month' } },
    0.4,
  )

  it.each([
    ['month', '2026-11-01', '2026-11-30', '2026-12-01'],
    ['month', '2026-12-01', '2026-12-31', '2027-01-01'],
    ['month', '2026-11-01', '2026-11-30', '2027-11-01'],
    ['quarter', '2026-10-01', '2026-12-31', '2027-01-01'],
    ['quarter', '2026-01-01', '2026-03-31', '2026-04-01'],
    ['quarter', '2026-10-01', '2026-12-31', '2027-10-01'],
    ['year', '2026-01-01', '2026-12-31', '2027-01-01'],
  ])('by the %s is the same from %s to %s, and that of others on %s', (rotate, first, last, next) => {
    const rotating = shop({ random: { share: 0.3, rotate } })
    const [arms, later, turned] = [first, last, next].map((day) => armsOn(day, rotating, 4000))
    expect(later).toEqual(arms)
    const both = arms!.filter((arm, i) => arm === 'random' && turned![i] === 'random').length
    expect(deviations(both, 4000, 0.3 * 0.3)).toBeLessThan(TOO_FAR)
  })

  it('that never rotates is the same for ever', () => {
    const still = shop({ holdout: { share: 0.2 }, random: { share: 0.3 } }, 0.4)
    expect(armsOn('2036-02-29', still, 5000)).toEqual(armsOn('2026-11-01', still, 5000))
  })

  it('keeps its holdout while the random arm rotates', () => {
    const [november, december] = ['2026-11-30', '2026-12-01'].map((day) => armsOn(day, catalogue, 5000))
    const isHeldOut = (arm: Arm) => arm === 'holdout'
    expect(december!.map(isHeldOut)).toEqual(november!.map(isHeldOut))
    expect(december).not.toEqual(november)
  })

  it('rotates at midnight of the catalogue’s zone, and of the day the contact is for', async () => {
    const armAt = async (customer: string, now: string, contactAt?: string) => {
      const decide = makeHouse(catalogue, { now: Date.parse(now) })
      return (
        await decide(
          ask({ customer, ...(contactAt === undefined ? {} : { contactAt: Date.parse(contactAt) }) }),
        )
      ).arm
    }
    const arms = async (now: string, contactAt?: string) =>
      Promise.all(Array.from({ length: 300 }, (_, i) => armAt(`${i}`, now, contactAt)))
    const november = await arms('2026-11-10T09:00:00Z')
    expect(await arms('2026-10-31T23:00:00Z')).toEqual(november)
    expect(await arms('2026-11-30T22:59:59.999Z')).toEqual(november)
    const december = await arms('2026-11-30T23:00:00Z')
    expect(december).not.toEqual(november)
    expect(await arms('2026-11-10T09:00:00Z', '2026-12-24T09:00:00Z')).toEqual(december)
    expect(await arms('2026-11-10T09:00:00Z', '2026-11-30T22:00:00Z')).toEqual(november)
  })

  it('is of sessions as of customers, and of nobody else', async () => {
    const sessions = Array.from({ length: 4000 }, (_, i) =>
      armOf(seedsOf({ customer: undefined, sessionId: `${i}` }, '2026-11-01', catalogue), catalogue),
    )
    expect(deviations(shareOf(sessions, 'holdout'), 4000, 0.2)).toBeLessThan(TOO_FAR)
    expect(deviations(shareOf(sessions, 'random'), 4000, 0.3)).toBeLessThan(TOO_FAR)
    const everybody = shop({ holdout: { share: 0.5 }, random: { share: 0.5 } }, 1)
    for (let i = 0; i < 200; i++)
      for (const mode of ['live', 'dry-run']) {
        const nobody = { customer: undefined, requestId: i === 0 ? undefined : `${i}`, mode }
        const decision = await makeHouse(everybody)(ask(nobody))
        expect(decision.arm).toBe('none')
        expect(decision.seeds.experiments).toBeNull()
      }
  })
})

describe('what is left to chance for a person', () => {
  const catalogue = shop({ holdout: { share: 0.2 }, random: { share: 0.3 } }, 0.4)
  const [a, b] = [lotOf('a'), lotOf('b')]
  const all = Array.from({ length: MANY }, (_, i) => {
    const { experiments, day, placements } = seedsOf(
      { customer: `${i}`, slates: { hero: 1, footer: 1 } },
      '2026-11-01',
      catalogue,
    )
    const [hero, footer] = [...placements.values()].map(firstBits)
    return {
      holdout: unit(experiments!.holdout!),
      random: unit(experiments!.random!),
      model: unit(experiments!.model!),
      evenDay: unit(day),
      tie: draw(hero!, a, 0),
      otherTie: draw(hero!, b, 0),
      firstSlot: draw(hero!, a, 1),
      elsewhere: draw(footer!, a, 0),
    }
  })
  const names = Object.keys(all[0]!) as (keyof (typeof all)[0])[]

  it.each(names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other] as const)))(
    'is drawn apart: %s and %s',
    (one, other) => {
      const pairs = all.map((each) => [each[one], each[other]] as const)
      expect(dependence(pairs)).toBeLessThan(TOO_FAR)
      const cells = Array.from({ length: 64 }, () => 0)
      for (const [x, y] of pairs) cells[Math.floor(x * 8) * 8 + Math.floor(y * 8)]!++
      expect(unevenness(cells)).toBeLessThan(TOO_FAR)
    },
  )
})
