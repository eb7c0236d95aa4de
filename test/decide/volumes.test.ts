import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Hold, refOfHold } from '../../src/domain/hold.ts'
import type { DecisionId } from '../../src/domain/ids.ts'
import type { Unit } from '../../src/domain/volume.ts'
import type { Grant } from '../../src/ports/decision-store.ts'
import { makeFakeStore } from './fake-store.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, chosen, codesOf, makeHouse, NOW, type Question, slateOf } from './make-house.ts'

const HALF_AN_HOUR = 1_800_000

interface Shop {
  readonly actions: readonly object[]
  readonly more?: object
  readonly left?: Readonly<Record<string, number>>
  readonly holds?: readonly Hold[]
  readonly question?: Question
}

/** The answer with what it was granted. */
async function decided({ actions, more = {}, left = {}, holds = [], question = {} }: Shop) {
  const grants: Grant[] = []
  const store = makeFakeStore({
    unitsLeft: left,
    customers: { 'c-1': { holds } },
    onCommit: (grant) => grants.push(grant),
  })
  const decision = await makeHouse(makeCatalogue(actions, more), { store })(ask(question))
  return { decision, grant: grants[0]! }
}

const visit = (sessionId: string) => makeFakeStore().hmac(`visit\n${sessionId}`).slice(0, 16)

function holdOf(id: string, units: readonly Unit[], heldUntil = NOW + HALF_AN_HOUR): Hold {
  return {
    contact: {
      facts: {
        channel: 'web',
        placement: 'hero',
        action: id,
        group: undefined,
        tier: 'marketing',
        kind: 'offer',
      },
      ref: refOfHold('b0001-0' as DecisionId, 'hero', id),
      at: NOW - 60_000,
      heldUntil,
      outcomes: [],
    },
    session: visit('s-1'),
    confirmOn: 'impression',
    units,
  }
}

describe('a volume of which nothing is left', () => {
  const daily = { volumes: [{ id: 'daily', where: { action: 'boots' }, max: 5, per: 'day' }] }
  const boots = [action('boots')]
  const today = { volume: 'daily', period: '2026-11-01' }
  const soldOut = (holds: readonly Hold[], sessionId: string) =>
    decided({ actions: boots, more: daily, left: { daily: 0 }, holds, question: { sessionId } })

  it('keeps what takes of it away, in every mode', async () => {
    for (const mode of ['live', 'dry-run'] as const) {
      const { decision } = await decided({
        actions: boots,
        more: daily,
        left: { daily: 0 },
        question: { mode },
      })
      expect(codesOf(decision, 'boots')).toEqual(['volume_used_up'])
      expect(slateOf(decision)).toMatchObject({ status: 'empty', code: 'volumes_used_up', notBefore: null })
    }
  })

  it('promises no moment', async () => {
    const { decision } = await decided({ actions: boots, more: daily, left: { daily: 0 } })
    expect(decision.verdicts.map(({ changes }) => changes)).toEqual([[]])
  })

  it('shows again what the same visit holds a unit for, and takes no other', async () => {
    const { decision, grant } = await soldOut([holdOf('boots', [today])], 's-1')
    expect(chosen(decision)).toEqual({ hero: ['boots'] })
    expect(grant).toMatchObject({ takes: [], returns: [], holds: [{ units: [today] }] })
  })

  it.each<[string, Hold, string]>([
    ['of another visit', holdOf('boots', [today]), 's-2'],
    ['that ran out', holdOf('boots', [today], NOW), 's-1'],
    ['of another action', holdOf('hat', [today]), 's-1'],
    ['of yesterday’s unit', holdOf('boots', [{ volume: 'daily', period: '2026-10-31' }]), 's-1'],
    ['of another volume', holdOf('boots', [{ volume: 'weekly', period: '2026-W44' }]), 's-1'],
  ])('is not helped by a hold %s', async (_, hold, sessionId) => {
    const { decision } = await soldOut([hold], sessionId)
    expect(codesOf(decision, 'boots')).toEqual(['volume_used_up'])
  })
})

describe('the last unit', () => {
  it('goes to mandatory first, and it keeps it when it is shown again', async () => {
    const shop = {
      actions: [
        action('recall', { tier: 'mandatory' }),
        action('notice', { tier: 'mandatory' }),
        action('boots'),
      ],
      more: { volumes: [{ id: 'any', where: { placement: 'hero' }, max: 9, per: 'total' }] },
      question: { slates: { hero: 3 }, sessionId: 's-1' },
    }
    const { decision, grant } = await decided({ ...shop, left: { any: 1 } })
    expect(slateOf(decision).items.map(({ action: { tier } }) => tier)).toEqual(['mandatory', 'mandatory'])
    expect(codesOf(decision, 'boots')).toEqual(['volume_used_up'])
    expect(grant.takes).toHaveLength(1)
    const own = holdOf('notice', [{ volume: 'any', period: 'total' }])
    const again = await decided({ ...shop, left: { any: 0 }, holds: [own] })
    expect(again.grant).toMatchObject({ takes: [], returns: [] })
  })

  it('goes once, and is never left lying while somebody wants it', async () => {
    const tiers = fc.constantFrom('mandatory', 'service', 'marketing')
    const places = fc.subarray(['hero', 'strip', 'foot'], { minLength: 1 })
    const wares = fc.array(fc.record({ tier: tiers, in: places, group: fc.constantFrom('a', 'b', 'c') }), {
      minLength: 1,
      maxLength: 7,
    })
    const lefts = fc.dictionary(fc.constantFrom('a', 'ab', 'strip'), fc.integer({ min: 0, max: 4 }))
    const limits = fc.integer({ min: 1, max: 4 })
    await fc.assert(
      fc.asyncProperty(wares, lefts, limits, async (wishes, left, limit) => {
        const { decision, grant } = await decided({
          actions: wishes.map((wish, i) => action(`a${i}`, wish)),
          more: {
            groups: ['a', 'b', 'c'].map((id) => ({ id })),
            placements: ['hero', 'strip', 'foot'].map((id, order) => ({ id, channel: 'web', order })),
            volumes: [
              { id: 'a', where: { group: 'a' }, max: 9, per: 'day' },
              { id: 'ab', where: { group: ['a', 'b'] }, max: 9, per: 'week' },
              { id: 'strip', where: { placement: 'strip' }, max: 9, per: 'total' },
            ],
          },
          left,
          question: { slates: { hero: limit, strip: limit, foot: limit } },
        })
        expect(decision.degraded).toEqual([])
        const taken = (id: unknown) => grant.takes.filter(({ volume }) => volume === id).length
        for (const { reasons, action: refused } of decision.verdicts)
          for (const { code, values } of reasons) {
            if (code !== 'volume_used_up') continue
            expect(refused.tier).not.toBe('mandatory')
            expect(taken(values.volume)).toBe(left[String(values.volume)])
          }
        // What a hold takes is what it would give back.
        expect(grant.holds.flatMap(({ units }) => units.map(({ volume }) => volume)).sort()).toEqual(
          grant.takes.map(({ volume }) => volume).sort(),
        )
      }),
      { numRuns: 300 },
    )
  })
})
