import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Choice, chooseSlates } from '../../../src/decide/choose/choose.ts'
import { GREEDY } from '../../../src/decide/choose/policy.ts'
import { leverFactor, PLAIN_POWERS } from '../../../src/domain/arbitration.ts'
import { TIERS } from '../../../src/domain/tier.ts'
import { ALIKE, anyVisits, openShop, scorerOf, withoutLevers } from './any-shop.ts'
import { asMade, scoreOnce } from './score-once.ts'

it('levers move no priority further than was agreed', async () => {
  const met = { bound: 0, inside: 0 }
  await fc.assert(
    fc.asyncProperty(anyVisits, async ({ shop, questions: [question] }) => {
      const bound = shop.leverBound
      const pushed = await scoreOnce(openShop(shop), question!, scorerOf(shop))
      const plain = await scoreOnce(openShop(withoutLevers(shop)), question!, scorerOf(shop))
      for (const [i, { priority, play, refusals }] of pushed.candidates.entries()) {
        const own = plain.candidates[i]!
        expect(own.play.levers).toEqual([])
        expect(refusals).toEqual(own.refusals)
        if (priority === null || own.priority === 0) {
          expect(priority).toBe(own.priority)
          continue
        }
        const ratio = priority / own.priority!
        expect(ratio).toBeCloseTo(play.lever, 9)
        expect(ratio).toBeGreaterThanOrEqual(Math.max(0, 1 - bound) - 1e-12)
        expect(ratio).toBeLessThanOrEqual(1 + bound + 1e-12)
        if (play.levers.length === 0 || shop.powers.lever === 0) expect(ratio).toBe(1)
        else if (Math.abs(Math.abs(ratio - 1) - bound) < 1e-9) met.bound++
        else met.inside++
      }
    }),
    { ...ALIKE, numRuns: 150 },
  )
  expect(Math.min(met.bound, met.inside)).toBeGreaterThan(50)
})

const anyLevers = fc.array(
  fc.double({ min: -100, max: 1000, noNaN: true }).map((percent) => ({ name: 'any', percent })),
  { maxLength: 3 },
)
const anyPower = fc.oneof(fc.constantFrom(0, 0.5, 1, 10), fc.double({ min: 0, max: 10, noNaN: true }))
const anyBound = fc.oneof(fc.constantFrom(0, 0.25, 1), fc.double({ min: 0, max: 10, noNaN: true }))

it('levers add up, and are bounded after their power', () => {
  fc.assert(
    fc.property(anyLevers, anyPower, anyBound, (levers, lever, leverBound) => {
      const factor = leverFactor(levers, { powers: { ...PLAIN_POWERS, lever }, leverBound })
      const sum = levers.reduce((all, { percent }) => all + percent, 0)
      const unbounded = lever === 0 ? 1 : Math.max(0, 1 + sum / 100) ** lever
      const expected = Math.max(Math.max(0, 1 - leverBound), Math.min(1 + leverBound, unbounded))
      expect(Math.abs(factor - expected)).toBeLessThan(1e-9 * Math.max(1, expected))
      if (lever === 0 || levers.length === 0) expect(factor).toBe(1)
    }),
    { ...ALIKE, numRuns: 5000 },
  )
})

it('levers move nothing over a tier', async () => {
  let moved = 0
  await fc.assert(
    fc.asyncProperty(anyVisits, async ({ shop, questions: [question] }) => {
      const [pushed, plain] = await Promise.all(
        [shop, withoutLevers(shop)].map(async (one) => {
          const { candidates, situation } = await scoreOnce(openShop(one), question!, scorerOf(one))
          return asMade(chooseSlates(candidates, situation, GREEDY), situation)
        }),
      )
      for (const [i, choice] of pushed!.entries()) {
        const shown = choice.shown.map(({ candidate }) => candidate)
        for (const order of [choice.line, shown]) {
          const tiers = order.map(({ action }) => TIERS.indexOf(action.tier))
          expect(tiers).toEqual([...tiers].sort())
        }
        if (idsOf(choice) !== idsOf(plain![i]!)) moved++
      }
      const tierOf = (choices: readonly Choice[]) => choices[0]!.shown[0]?.candidate.action.tier
      expect(tierOf(pushed!)).toBe(tierOf(plain!))
    }),
    { ...ALIKE, numRuns: 150 },
  )
  expect(moved).toBeGreaterThan(10)
})

function idsOf({ shown }: Choice): string {
  return shown.map(({ candidate }) => candidate.action.id).join(' ')
}
