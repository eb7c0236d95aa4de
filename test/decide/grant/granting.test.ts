import { describe, expect, it } from 'vitest'
import { recordOf, requestHash } from '../../../src/decide/record.ts'
import { failure } from '../../../src/domain/errors.ts'
import type { Grant, Granted } from '../../../src/ports/decision-store.ts'
import { makeFakeStore } from '../fake-store.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, chosen, makeHouse } from '../make-house.ts'

const GRANTED: Granted = { result: 'granted', sequence: 1 }
const LIVE = { explain: 'none' }

const catalogue = makeCatalogue([action('boots'), action('scarf'), action('gloves')], {
  contactPolicies: [
    { id: 'same', where: { action: ['boots', 'scarf'] }, per: 'action', max: 2, window: '1d' },
  ],
  volumes: [{ id: 'pairs', where: { action: 'boots' }, max: 10, per: 'day' }],
})

/** A house whose store answers its commits with these, one after the other, and the last one for ever. */
function houseThat(...answers: (Granted | Error)[]) {
  const store = makeFakeStore()
  const grants: Grant[] = []
  const results: string[] = []
  const troubles: unknown[] = []
  const commit = async (grant: Grant) => {
    const answer = answers[Math.min(grants.length, answers.length - 1)]!
    grants.push(grant)
    if (answer instanceof Error) throw answer
    return answer
  }
  const decide = makeHouse(catalogue, {
    store: { ...store, commit },
    onCommit: (result) => results.push(result),
    onTrouble: (error) => troubles.push(error),
  })
  return { decide, grants, results, troubles }
}

describe('a live decision', () => {
  it('is granted before it is answered, with all it takes', async () => {
    const { decide, grants, results } = houseThat(GRANTED)
    const decision = await decide(ask({ ...LIVE, requestId: 'r-1', slates: { hero: 3 }, include: ['boots'] }))
    expect(results).toEqual(['granted'])
    expect(grants).toEqual([
      expect.objectContaining({
        subject: { customer: 'c-1' },
        decision: decision.id,
        now: decision.decidedAt,
        request: { id: 'r-1', hash: expect.any(String) },
        checks: [expect.objectContaining({ key: 'boots', adds: 1, confirmed: [] })],
        holds: [expect.objectContaining({ units: [{ volume: 'pairs', period: '2026-11-01' }] })],
        takes: [expect.objectContaining({ volume: 'pairs', allowed: 10 })],
        record: recordOf(decision),
        keptUntil: decision.decidedAt + 30 * 60_000 + 86_400_000,
      }),
    ])
    expect(decision.degraded).toEqual([])
  })

  it('is decided once more when somebody was faster, from what is so then', async () => {
    for (const result of ['capped', 'moved'] as const) {
      const { decide, grants, results } = houseThat({ result }, { result }, GRANTED)
      const decision = await decide(ask({ ...LIVE, slates: { hero: 1 } }))
      expect(results).toEqual([result, result, 'granted'])
      expect(grants).toHaveLength(3)
      expect(decision.degraded).toEqual([])
      expect(chosen(decision).hero).toHaveLength(1)
    }
  })

  it('does without what is sold out', async () => {
    const { decide, results } = houseThat({ result: 'sold_out', volume: 'pairs' }, GRANTED)
    const decision = await decide(ask({ ...LIVE, slates: { hero: 3 } }))
    expect(results).toEqual(['sold_out', 'granted'])
    expect(chosen(decision).hero!.sort()).toEqual(['gloves', 'scarf'])
    expect(decision.degraded).toEqual([])
  })

  it('shows only what nothing counts, and says so, when it cannot be granted', async () => {
    const broken = failure('store_unavailable', 'store', 'it failed', 'mend it')
    for (const [answer, tries, code] of [
      [broken, 1, 'store_unavailable'],
      [{ result: 'capped' } as const, 16, 'contended'],
      [{ result: 'moved' } as const, 16, 'contended'],
    ] as const) {
      const { decide, grants, troubles } = houseThat(answer)
      const decision = await decide(ask({ ...LIVE, slates: { hero: 3 } }))
      expect(grants).toHaveLength(tries)
      expect(chosen(decision).hero).toEqual(['gloves'])
      expect(decision.degraded).toEqual([code])
      expect(troubles).toHaveLength(answer === broken ? 1 : 0)
    }
  })

  it('is answered as it was before when its request is repeated, and refused when it is another', async () => {
    const request = ask({ ...LIVE, requestId: 'r-1' })
    const first = await houseThat(GRANTED).decide(request)
    const answered = (hash: string): Granted => ({ result: 'answered', record: recordOf(first), hash })
    const decided: unknown[] = []
    const again = await makeHouse(catalogue, {
      store: { ...makeFakeStore(), commit: async () => answered(requestHash(request, makeFakeStore())) },
      onDecided: (decision) => decided.push(decision),
    })(request)
    expect(again).toMatchObject({ id: first.id, isRepeated: true })
    expect(decided, 'it is counted once').toEqual([])
    await expect(houseThat(answered('another')).decide(request)).rejects.toMatchObject({
      code: 'request_id_taken',
      faults: [{ place: '/requestId' }],
    })
  })

  it('takes nothing for a prefetch, and is recorded all the same', async () => {
    const { decide, grants } = houseThat(GRANTED)
    const decision = await decide(ask({ ...LIVE, reserve: 'none' }))
    expect(chosen(decision).hero).toHaveLength(1)
    expect(grants).toEqual([expect.objectContaining({ checks: [], holds: [], takes: [], returns: [] })])
  })
})

it('a dry-run grants nothing', async () => {
  const { decide, grants } = houseThat(GRANTED)
  await decide(ask({ mode: 'dry-run' }))
  expect(grants).toEqual([])
})

it('a decision that the store could not be asked for is not granted either', async () => {
  const store = makeFakeStore({ broken: true })
  const commits: Grant[] = []
  const decide = makeHouse(catalogue, {
    store: {
      ...store,
      commit: async (grant) => {
        commits.push(grant)
        return GRANTED
      },
    },
  })
  const decision = await decide(ask({ ...LIVE, slates: { hero: 3 } }))
  expect(commits).toEqual([])
  expect(decision.degraded).toEqual(['store_unavailable'])
})

describe('one customer', () => {
  it('has one decision at a time, in the order they came, and nobody else waits for him', async () => {
    const store = makeFakeStore()
    const running = new Map<unknown, number>()
    let most = 0
    let alike = 0
    const order: unknown[] = []
    const decide = makeHouse(catalogue, {
      store: {
        ...store,
        commit: async ({ subject, request }) => {
          const key = JSON.stringify(subject)
          running.set(key, (running.get(key) ?? 0) + 1)
          alike = Math.max(alike, running.get(key)!)
          most = Math.max(
            most,
            [...running.values()].reduce((a, b) => a + b),
          )
          order.push(request!.id)
          await new Promise((resolve) => setTimeout(resolve, 5))
          running.set(key, running.get(key)! - 1)
          return GRANTED
        },
      },
    })
    const ids = ['1', '2', '3', '4']
    await Promise.all(
      ['c-1', 'c-2'].flatMap((customer) =>
        ids.map((requestId) => decide(ask({ ...LIVE, customer, requestId: `${customer} ${requestId}` }))),
      ),
    )
    expect(alike).toBe(1)
    expect(most).toBe(2)
    expect(order.filter((id) => String(id).startsWith('c-1'))).toEqual(ids.map((id) => `c-1 ${id}`))
  })
})
