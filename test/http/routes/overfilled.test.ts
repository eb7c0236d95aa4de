import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { CATALOGUE, openShop, type Shop, send } from '../open-shop.ts'

const shop: Shop = await openShop({
  catalogue: `${CATALOGUE}
contactPolicies:
  - { id: one-offer-a-day, where: { channel: web }, per: customer, max: 1, window: 1d }
  - { id: varied, where: { channel: web }, per: action, max: 1, window: 7d }
  - { id: mails, where: { channel: email }, per: customer, max: 1, window: 1d }
`,
})
afterAll(() => shop.close())

/** A customer of his own for every test. */
let id: string
let count = 0
beforeEach(() => {
  id = `kanari ${count++}`
})

const now = () => new Date().toISOString()
const post = async (url: string, body: object) => (await send(shop, 'POST', url, body)).json()
const decide = () => post('/v1/decisions', { customer: { id }, channel: 'web', placements: [{ id: 'hero' }] })
type Decision = Awaited<ReturnType<typeof decide>>
const tell = async ({ decisionId, placements: [{ items }] }: Decision, type: string) => {
  const outcome = { id: 'o', decisionId, actionId: items[0].actionId, type, at: now() }
  return (await post('/v1/outcomes', { outcomes: [outcome] })).results[0].became
}
const record = async (...contacts: object[]) =>
  (
    await post('/v1/contacts', {
      contacts: contacts.map((one) => ({ customer: { id }, channel: 'web', ...one })),
    })
  ).results.map(({ status }: { status: string }) => status)

/** How often caps were overfilled so far, by late outcomes and by recorded contacts. */
async function overfilled(): Promise<[number, number]> {
  const { body } = await shop.app.inject('/metrics')
  const of = (cause: string) =>
    Number(new RegExp(`^emma_cap_overfilled_total\\{cause="${cause}"\\} (\\d+)$`, 'm').exec(body)?.[1])
  return [of('late_outcome'), of('recorded_contact')]
}
/** How often they were by this. */
async function by(work: () => Promise<unknown>): Promise<[number, number]> {
  const before = await overfilled()
  await work()
  const after = await overfilled()
  return [after[0] - before[0], after[1] - before[1]]
}

describe('emma_cap_overfilled_total', () => {
  it('is there from the start, and no decision raises it', async () => {
    expect(await overfilled()).toEqual([0, 0])
    const first = await decide()
    expect((await decide()).placements[0].items, 'the cap is full').toEqual([])
    expect(await tell(first, 'impression')).toBe('confirmed')
    expect(await tell(first, 'click')).toBe('recorded')
    expect(await overfilled()).toEqual([0, 0])
  })

  it('rises once for each cap that a late outcome overfills, and not again with what follows', async () => {
    const first = await decide()
    expect(await tell(first, 'notShown')).toBe('released')
    const second = await decide()
    expect(second.placements[0].items).toHaveLength(1)
    // Beside it is a live hold for the same action: both caps are too full.
    expect(await by(async () => expect(await tell(first, 'impression')).toBe('late'))).toEqual([2, 0])
    const more = ['impression', 'click']
    for (const type of more) expect(await by(() => tell(first, type)), type).toEqual([0, 0])
    expect(await by(async () => expect(await tell(second, 'impression')).toBe('confirmed'))).toEqual([0, 0])
  })

  it('does not rise for a late outcome that leaves room', async () => {
    const first = await decide()
    expect(await tell(first, 'notShown')).toBe('released')
    expect(await by(async () => expect(await tell(first, 'impression')).toBe('late'))).toEqual([0, 0])
  })

  it('rises once for each cap that a recorded contact overfills, however often it is told', async () => {
    const [a, b] = [
      { id: 'a', action: 'boots' },
      { id: 'b', action: 'scarf' },
    ]
    expect(await by(async () => expect(await record(a)).toEqual(['accepted']))).toEqual([0, 0])
    expect(await by(async () => expect(await record(b, b)).toEqual(['accepted', 'duplicate']))).toEqual([
      0, 1,
    ])
    expect(await by(() => record(a, b))).toEqual([0, 0])
    const clicked = { ...b, outcomes: [{ type: 'click' }] }
    expect(await by(async () => expect(await record(clicked)).toEqual(['accepted']))).toEqual([0, 0])
  })

  it('counts live holds with a recorded contact, and of several in a call those that came too many', async () => {
    await decide()
    expect(await by(() => record({ id: 'mail', channel: 'email', action: 'boots' }))).toEqual([0, 0])
    expect(await by(() => record({ id: 'page', action: 'another' }))).toEqual([0, 1])
    id = `${id} of two`
    expect(await by(() => record({ id: 'a', action: 'a' }, { id: 'b', action: 'b' }))).toEqual([0, 1])
  })

  it('does not rise for what is too long ago, or bounced', async () => {
    await record({ id: 'a', action: 'boots' })
    const at = new Date(Date.now() - 8 * 86_400_000).toISOString()
    expect(await by(() => record({ id: 'b', action: 'boots', at }))).toEqual([0, 0])
    expect(await by(() => record({ id: 'c', action: 'boots', outcomes: [{ type: 'bounced' }] }))).toEqual([
      0, 0,
    ])
  })

  it('tells nothing of anybody', async () => {
    await record({ id: 'a', action: 'boots' }, { id: 'b', action: 'boots' })
    expect((await shop.app.inject('/metrics')).body + shop.log()).not.toContain('kanari')
  })
})
