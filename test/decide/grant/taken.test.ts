import { describe, expect, it } from 'vitest'
import type { Hold } from '../../../src/domain/hold.ts'
import { refOfHold } from '../../../src/domain/hold.ts'
import type { StoredCustomer } from '../../../src/domain/profile.ts'
import type { Grant } from '../../../src/ports/decision-store.ts'
import { makeFakeStore } from '../fake-store.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { ask, chosen, makeHouse, NOW, type Question } from '../make-house.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** What a live decision of a customer of whom this is stored asks to be granted. */
async function granted(
  shop: ReturnType<typeof makeCatalogue>,
  question: Question,
  stored: Partial<StoredCustomer> = {},
  soldOut: readonly string[] = [],
) {
  const grants: Grant[] = []
  const store = makeFakeStore({
    customers: { 'c-1': stored },
    soldOut,
    onCommit: (grant) => grants.push(grant),
  })
  const decision = await makeHouse(shop, { store })(ask({ explain: 'none', ...question }))
  return { decision, shown: chosen(decision), grant: grants[0]! }
}

const facts = (of: string, placement = 'hero') => ({
  channel: 'web',
  placement,
  action: of,
  group: undefined,
  tier: 'marketing' as const,
  kind: 'offer' as const,
})
const visit = makeFakeStore().hmac('visit\ns-1').slice(0, 16)
const hold = (
  of: string,
  more: Partial<Hold> & { at?: number; until?: number; placement?: string } = {},
): Hold => {
  const { at = NOW - 10 * MINUTE, until = NOW + 20 * MINUTE, placement = 'hero', ...rest } = more
  const contact = { facts: facts(of, placement), ref: `${of}-ref`, at, heldUntil: until, outcomes: [] }
  return { contact, session: visit, confirmOn: 'impression', units: [], ...rest }
}

describe('what is shown is held', () => {
  const shop = makeCatalogue([action('boots'), action('mail', { in: ['top'] })], {
    channels: {
      web: { holdFor: '10m', confirmOn: 'click' },
      email: { direction: 'outbound' },
    },
    placements: [
      { id: 'hero', channel: 'web' },
      { id: 'top', channel: 'email' },
    ],
  })

  it('for as long as its channel says, until what its channel says', async () => {
    const { decision, grant } = await granted(shop, { sessionId: 's-1' })
    expect(grant.holds).toEqual([
      {
        contact: {
          facts: facts('boots'),
          ref: refOfHold(decision.id, 'hero', 'boots'),
          at: NOW,
          heldUntil: NOW + 10 * MINUTE,
          outcomes: [],
        },
        session: visit,
        confirmOn: 'click',
        units: [],
      },
    ])
  })

  it('from the moment on that it is planned for', async () => {
    const contactAt = NOW + 24 * HOUR
    const { grant } = await granted(shop, { channel: 'email', slates: { top: 1 }, contactAt })
    expect(grant.holds).toMatchObject([
      { contact: { at: contactAt, heldUntil: contactAt + 48 * HOUR }, confirmOn: 'sent', session: null },
    ])
  })

  it('not for nobody in particular, unless a volume counts it', async () => {
    expect((await granted(shop, { customer: undefined })).grant).toMatchObject({
      subject: null,
      holds: [],
      checks: [],
    })
    const counted = makeCatalogue([action('boots')], {
      volumes: [{ id: 'pairs', where: { action: 'boots' }, max: 1, per: 'total' }],
      contactPolicies: [{ id: 'one', per: 'customer', max: 1, window: '1d' }],
    })
    expect((await granted(counted, { customer: undefined })).grant).toMatchObject({
      subject: null,
      holds: [{ units: [{ volume: 'pairs', period: 'total' }] }],
      checks: [],
    })
    expect((await granted(counted, { customer: undefined, sessionId: 's-1' })).grant).toMatchObject({
      subject: { session: 's-1' },
      holds: [{}],
      checks: [{ adds: 1 }],
    })
  })
})

describe('the caps that must have room', () => {
  const shop = makeCatalogue(
    [
      action('recall', { tier: 'mandatory', in: ['footer'] }),
      action('boots', { group: 'shoes', in: ['hero', 'footer'] }),
      action('shoes', { group: 'shoes' }),
      action('gloves'),
    ],
    {
      placements: [
        { id: 'hero', channel: 'web', order: 2 },
        { id: 'footer', channel: 'web', order: 1 },
      ],
      contactPolicies: [
        { id: 'all', per: 'customer', max: 9, window: '7d' },
        { id: 'grouped', per: 'group', max: 5, window: '1d' },
        { id: 'silent', per: 'action', after: { outcome: 'reject' }, suppressFor: '9d' },
      ],
    },
  )
  const checked = ({ checks }: Grant) => checks.map(({ cap, key, adds }) => [cap.id, key, adds])

  it('count everything up to the last item that they can stop', async () => {
    const { shown, grant } = await granted(shop, { slates: { hero: 3, footer: 2 } })
    expect(shown.footer).toEqual(['recall', 'boots'])
    expect(shown.hero).toHaveLength(2)
    expect(checked(grant)).toEqual([
      ['all', '', 4],
      ['grouped', 'shoes', 2],
    ])
    expect(grant.holds).toHaveLength(4)
  })

  it('count what they cannot stop and comes later where it is held already, as far as it is near', async () => {
    const { shown, grant } = await granted(
      shop,
      { sessionId: 's-1', slates: { footer: 2 }, include: ['boots', 'recall'] },
      { holds: [hold('recall', { placement: 'footer' })] },
    )
    expect(shown.footer).toEqual(['recall', 'boots'])
    expect(checked(grant)).toContainEqual(['all', '', 2])
    for (const [at, adds] of [
      [NOW - MINUTE, 2],
      [NOW - 7 * 24 * HOUR, 1],
    ] as const) {
      const other = makeCatalogue(
        [action('boots'), action('recall', { tier: 'mandatory', in: ['footer'] })],
        {
          placements: [
            { id: 'hero', channel: 'web', order: 1 },
            { id: 'footer', channel: 'web', order: 2 },
          ],
          contactPolicies: [{ id: 'all', per: 'customer', max: 9, window: '7d' }],
        },
      )
      const after = await granted(
        other,
        { sessionId: 's-1', slates: { hero: 1, footer: 1 } },
        { holds: [hold('recall', { placement: 'footer', at })] },
      )
      expect(after.shown).toEqual({ hero: ['boots'], footer: ['recall'] })
      expect(checked(after.grant)).toEqual([['all', '', adds]])
    }
  })

  it('are none for what is mandatory, which is held all the same', async () => {
    const { grant } = await granted(shop, { slates: { footer: 1 } })
    expect(grant.checks).toEqual([])
    expect(grant.holds).toHaveLength(1)
  })

  it('know when confirmed contacts were, as near as it may have been; holds are the store’s to know', async () => {
    const day = Math.floor(NOW / 86_400_000) - 2
    const met = (at: number) => ({ facts: facts('gloves'), ref: `${at}`, at, heldUntil: null, outcomes: [] })
    const { grant } = await granted(
      shop,
      { include: ['gloves'] },
      {
        ledger: {
          contacts: [met(NOW - 8 * 86_400_000), met(NOW - HOUR), met(NOW + HOUR)],
          days: [{ facts: facts('gloves'), day, contacts: 2, outcomes: new Map() }],
        },
        holds: [hold('gloves', { session: null })],
      },
    )
    const end = (day + 1) * 86_400_000 - 1
    expect(grant.checks).toEqual([
      expect.objectContaining({ at: NOW, adds: 1, confirmed: [NOW - HOUR, NOW + HOUR, end, end] }),
    ])
  })

  it('are the customer’s own, too', async () => {
    const profile = {
      attributes: {},
      preferences: { pace: [{ max: 3, window: '7d' }] },
      consents: [],
      updatedAt: 0,
    }
    const { grant } = await granted(shop, { include: ['gloves'] }, { profile } as never)
    expect(checked(grant)).toEqual([
      ['all', '', 1],
      ['pace', '', 1],
    ])
  })
})

describe('a visit that asks again', () => {
  const shop = makeCatalogue([action('boots'), action('gloves')], {
    contactPolicies: [{ id: 'once', per: 'action', max: 1, window: '1d' }],
    volumes: [{ id: 'pairs', where: { action: 'boots' }, max: 3, per: 'day' }],
  })
  const units = [{ volume: 'pairs', period: '2026-11-01' }]
  const question = { sessionId: 's-1', slates: { hero: 2 } }

  it('renews its hold, takes nothing, and is not stopped by it', async () => {
    const { shown, grant } = await granted(shop, question, { holds: [hold('boots', { units })] })
    expect(shown.hero!.sort()).toEqual(['boots', 'gloves'])
    const renewed = grant.holds.find(({ contact }) => contact.facts.action === 'boots')!
    expect(renewed.contact).toMatchObject({ ref: 'boots-ref', at: NOW, heldUntil: NOW + 30 * MINUTE })
    expect(grant).toMatchObject({ takes: [], returns: [] })
  })

  it('is stopped by what other visits hold, and by what ran out no more', async () => {
    const other = await granted(shop, question, { holds: [hold('boots', { session: 'other' })] })
    expect(other.shown.hero).toEqual(['gloves'])
    const nameless = await granted(shop, { slates: { hero: 2 } }, { holds: [hold('boots')] })
    expect(nameless.shown.hero).toEqual(['gloves'])
    const elsewhere = await granted(shop, question, { holds: [hold('boots', { placement: 'footer' })] })
    expect(elsewhere.shown.hero).toEqual(['gloves'])
    const ranOut = await granted(shop, question, { holds: [hold('boots', { session: 'other', until: NOW })] })
    expect(ranOut.shown.hero!.sort()).toEqual(['boots', 'gloves'])
    expect(ranOut.grant.takes).toMatchObject(units)
  })

  it('renews a message only for the very same moment: two messages are two', async () => {
    const mail = makeCatalogue([action('letter', { in: ['top'] })], {
      channels: { email: { direction: 'outbound' } },
      placements: [{ id: 'top', channel: 'email' }],
    })
    const at = NOW + HOUR
    const planned = hold('letter', { placement: 'top', at, until: at + 48 * HOUR })
    const asked = { channel: 'email', sessionId: 's-1', slates: { top: 1 } }
    const again = await granted(mail, { ...asked, contactAt: at }, { holds: [planned] })
    expect(again.grant.holds[0]!.contact.ref).toBe('letter-ref')
    const another = await granted(mail, { ...asked, contactAt: at + HOUR }, { holds: [planned] })
    expect(another.grant.holds[0]!.contact.ref).not.toBe('letter-ref')
  })

  it('keeps its unit of what is sold out, and gives back that of another day', async () => {
    const kept = await granted(shop, question, { holds: [hold('boots', { units })] }, ['pairs'])
    expect(kept.shown.hero!.sort()).toEqual(['boots', 'gloves'])
    expect(kept.grant).toMatchObject({ takes: [], returns: [] })
    const yesterday = [{ volume: 'pairs', period: '2026-10-31' }]
    const moved = await granted(shop, question, { holds: [hold('boots', { units: yesterday })] })
    expect(moved.grant).toMatchObject({ takes: units, returns: yesterday })
    const none = await granted(shop, question, { holds: [hold('boots', { units: yesterday })] }, ['pairs'])
    expect(none.shown.hero).toEqual(['gloves'])
  })
})
