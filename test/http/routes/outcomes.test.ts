import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openShop, type Shop, send } from '../open-shop.ts'

const shop: Shop = await openShop()
afterAll(() => shop.close())

/** A customer of his own for every test. */
let id: string
let count = 0
beforeEach(() => {
  id = `customer ${count++}`
})

const decide = async (more: object = {}) =>
  (
    await send(shop, 'POST', '/v1/decisions', {
      customer: { id },
      channel: 'web',
      placements: [{ id: 'hero' }],
      ...more,
    })
  ).json()
const now = () => new Date().toISOString()
const tell = (...outcomes: object[]) => send(shop, 'POST', '/v1/outcomes', { outcomes })
const outcomeOf = (decision: { decisionId: string; placements: { items: { actionId: string }[] }[] }) => ({
  id: 'o-1',
  decisionId: decision.decisionId,
  actionId: decision.placements[0]!.items[0]!.actionId,
  type: 'impression',
  at: now(),
})
const stored = async () => (await shop.app.inject(`/v1/customers/${encodeURIComponent(id)}`)).json()

describe('POST /v1/outcomes', () => {
  it('makes a contact of what is held, once, and notes what comes after', async () => {
    const decision = await decide()
    const outcome = outcomeOf(decision)
    expect(await stored()).toMatchObject({
      contacts: [],
      holds: [{ channel: 'web', placement: 'hero', action: outcome.actionId, tier: 'marketing' }],
    })
    const reply = await tell(outcome, { ...outcome, id: 'o-2' }, { ...outcome, id: 'o-3', type: 'click' })
    expect(reply.statusCode).toBe(202)
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(reply.json()).toEqual({
      results: [
        { id: 'o-1', status: 'accepted', became: 'confirmed' },
        { id: 'o-2', status: 'duplicate' },
        { id: 'o-3', status: 'accepted', became: 'recorded' },
      ],
      accepted: 2,
      duplicate: 1,
      refused: 0,
    })
    expect(await stored()).toMatchObject({
      holds: [],
      contacts: [{ action: outcome.actionId, outcomes: [{ type: 'impression' }, { type: 'click' }] }],
    })
  })

  it('frees what was not shown', async () => {
    const decision = await decide()
    const reply = await tell({ ...outcomeOf(decision), type: 'notShown' })
    expect(reply.json().results).toEqual([{ id: 'o-1', status: 'accepted', became: 'released' }])
    expect(await stored(), 'nothing is left of him').toMatchObject({ code: 'unknown_customer' })
  })

  it('refuses each that is wrong, with what is wrong, and takes the others', async () => {
    const decision = await decide()
    const right = outcomeOf(decision)
    const far = new Date(Date.now() + 86_400_000).toISOString()
    const reply = await tell(
      { ...right, decisionId: 'b0001-019a3e4c-0000-7000-8000-000000000000' },
      { ...right, actionId: 'advice' },
      { ...right, at: far },
      { ...right, until: far },
      { ...right, at: '2020-01-01T00:00:00Z' },
      { ...right, placement: 'strip' },
      right,
    )
    expect(reply.json().results.map(({ code }: { code?: string }) => code)).toEqual([
      'unknown_decision',
      'unknown_decision',
      'invalid_request',
      'invalid_request',
      'too_late',
      'unknown_decision',
      undefined,
    ])
    expect(reply.json().results[3].errors[0].pointer).toBe('/outcomes/3/until')
    expect(reply.json().accepted).toBe(1)
  })

  it.each([
    ['no list', {}],
    ['an empty list', { outcomes: [] }],
    ['no time', { outcomes: [{ id: 'o', decisionId: 'd', actionId: 'a', type: 'click' }] }],
    [
      'an outcome that nobody knows',
      { outcomes: [{ id: 'o', decisionId: 'd', actionId: 'a', type: 'seen', at: now() }] },
    ],
    [
      'a field that nobody knows',
      { outcomes: [{ id: 'o', decisionId: 'd', actionId: 'a', type: 'click', at: now(), x: 1 }] },
    ],
    [
      'an id that is no decision’s',
      { outcomes: [{ id: '', decisionId: 'd', actionId: 'a', type: 'click', at: now() }] },
    ],
  ])('answers 400 to %s', async (_, body) => {
    expect((await send(shop, 'POST', '/v1/outcomes', body)).statusCode).toBe(400)
  })

  it('takes any text for the name of a decision, and knows it or not', async () => {
    for (const decisionId of [
      'd',
      'b0000-',
      'b9999-019a3e4c-0000-7000-8000-000000000000',
      'dry-1',
      '{b0001}',
      '🙂',
    ])
      expect((await tell({ ...outcomeOf(await decide()), decisionId })).json().results[0].code).toBe(
        'unknown_decision',
      )
  })
})

describe('a request that is sent again', () => {
  it('gets the same answer, and takes nothing', async () => {
    const first = await decide({ requestId: 'r-1' })
    expect(await decide({ requestId: 'r-1' })).toEqual(first)
    expect((await stored()).holds).toHaveLength(1)
  })

  it('is refused when it asks for something else', async () => {
    await decide({ requestId: 'r-1' })
    expect(await decide({ requestId: 'r-1', placements: [{ id: 'strip' }] })).toMatchObject({
      status: 422,
      code: 'request_id_taken',
      errors: [{ pointer: '/requestId' }],
    })
    expect((await stored()).holds).toHaveLength(1)
  })
})

describe('a call that reserves nothing', () => {
  it('leaves no hold', async () => {
    expect((await decide({ reserve: 'none' })).placements[0].items).toHaveLength(1)
    expect((await stored()).holds ?? []).toEqual([])
  })

  it('and a deadline are checked for their form', async () => {
    for (const wrong of [{ reserve: 'yes' }, { deadlineMs: 0 }, { deadlineMs: 1.5 }, { deadlineMs: 1e9 }])
      expect((await decide(wrong)).status).toBe(400)
  })
})
