import { describe, expect, it } from 'vitest'
import { isLive } from '../../../src/domain/hold.ts'
import type { DecisionId } from '../../../src/domain/ids.ts'
import { counts } from '../../../src/domain/ledger.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { Counted } from '../../../src/domain/overfilled.ts'
import type { Subject } from '../../../src/ports/customer-store.ts'
import type { Grant } from '../../../src/ports/decision-store.ts'
import {
  allowance,
  cap,
  decideFor,
  granted,
  grantOf,
  liveRefs,
  nameDecision,
  refsOf,
  SHORT,
  tell,
  unitOf,
} from './decision-examples.ts'
import type { DecisionStoreUnderTest, Decisions } from './decision-store-home.ts'
import { customer, HORIZON, HOUR, session } from './examples.ts'

const anna = customer('anna')

/** What every decision store promises of outcomes: each does what it says once, however often and whenever it is told. */
export function describeOutcomes({ open, pass, sweepAll, eventually }: Decisions): void {
  const typesOf = async (store: DecisionStoreUnderTest, subject: Subject) =>
    (await store.gather(subject)).ledger.contacts.map(({ outcomes }) => outcomes.map(({ type }) => type))

  describe('an outcome', () => {
    it('that proves a contact makes one of its hold, of the same name and moment', async () => {
      const [store, second] = [await open(), await open()]
      for (const subject of [anna, session('anna')]) {
        const grant = await granted(store, subject, { shown: [{ inMs: -1000 }] })
        const at = grant.now
        expect(await tell(second, grant, 'click', { at })).toBe('confirmed')
        const { contact } = grant.holds[0]!
        expect(await store.gather(subject)).toMatchObject({
          holds: [],
          ledger: {
            contacts: [{ ...contact, heldUntil: null, outcomes: [{ type: 'click', at }] }],
            days: [],
          },
        })
        expect(await liveRefs(second, subject)).toEqual([])
        expect(await decideFor(store, subject, cap(), {})).toBe(false)
      }
      expect((await store.gather(customer('bert'))).ledger.contacts).toEqual([])
    })

    it('confirms where the hold waits for it, and otherwise leaves the hold', async () => {
      const store = await open()
      const waiting = await granted(store, anna, { shown: [{ confirmOn: 'presented' }] })
      expect(await tell(store, waiting, 'sent')).toBe('known')
      expect(await liveRefs(store, anna)).toEqual(refsOf(waiting))
      const sent = await granted(store, customer('bert'), { shown: [{ confirmOn: 'sent' }] })
      expect(await tell(store, sent, 'sent')).toBe('confirmed')
      expect(await typesOf(store, customer('bert'))).toEqual([['sent']])
    })

    it.each(['bounced', 'failed', 'notShown', 'cancelled'] as const)(
      '%s gives the room back',
      async (type) => {
        const [store, second] = [await open(), await open()]
        for (const subject of [anna, session('anna')]) {
          const grant = await granted(store, subject, { caps: [cap()] })
          expect(await decideFor(second, subject, cap(), {})).toBe(false)
          expect(await tell(second, grant, type)).toBe('released')
          expect(await store.gather(subject)).toMatchObject({ holds: [], ledger: { contacts: [] } })
          expect(await decideFor(store, subject, cap(), {})).toBe(true)
        }
      },
    )

    it('told again changes nothing, and a new one is noted with the contact', async () => {
      const store = await open()
      const grant = await granted(store, anna)
      const at = grant.now
      const told: [Outcome, string][] = [
        ['impression', 'confirmed'],
        ['impression', 'known'],
        ['click', 'recorded'],
        ['click', 'known'],
        ['cancelled', 'recorded'],
        ['cancelled', 'known'],
      ]
      for (const [type, became] of told) {
        const before = await store.gather(anna)
        expect(await tell(store, grant, type, { at }), type).toBe(became)
        const after = await store.gather(anna)
        expect(after.basis.record === before.basis.record, type).toBe(became === 'known')
      }
      expect(await typesOf(store, anna)).toEqual([['impression', 'click', 'cancelled']])
    })

    it('counts as late when the hold ran out, or was released, before; once', async () => {
      const store = await open()
      const released = await granted(store, customer('released'))
      expect(await tell(store, released, 'bounced')).toBe('released')
      expect(await tell(store, released, 'bounced')).toBe('known')
      const [ended, swept] = [
        await granted(store, customer('ended'), { shown: [{ heldMs: SHORT }] }),
        await granted(store, customer('swept'), { shown: [{ heldMs: SHORT }] }),
      ]
      await pass(SHORT)
      expect(await tell(store, ended, 'cancelled')).toBe('known')
      const at = (await store.gather(null)).readAt
      expect(await tell(store, ended, 'impression', { at })).toBe('late')
      await sweepAll()
      await eventually(async () => expect((await store.gather(customer('swept'))).holds).toEqual([]))
      expect(await tell(store, swept, 'notShown')).toBe('known')
      for (const grant of [released, swept])
        expect(await tell(store, grant, 'impression', { at })).toBe('late')
      for (const grant of [released, ended, swept]) {
        expect(await tell(store, grant, 'impression', { at })).toBe('known')
        expect(await tell(store, grant, 'click', { at })).toBe('recorded')
        const { holds, ledger, readAt } = await store.gather(grant.subject)
        expect(holds).toEqual([])
        expect(ledger.contacts.map((one) => counts(one, readAt))).toEqual([true])
        expect(ledger.contacts.map(({ ref }) => ref)).toEqual(refsOf(grant))
        expect(await decideFor(store, grant.subject!, cap(), {})).toBe(false)
      }
    })

    it('that was told in time and is written late is late: others may have taken the room', async () => {
      const store = await open()
      const shown = [{ heldMs: SHORT }, { heldMs: SHORT, facts: { placement: 'row' } }]
      const { decision, holds, now } = await granted(store, anna, { shown })
      await pass(SHORT)
      const told = (['impression', 'notShown'] as const).map((type, i) => {
        const { action, placement } = holds[i]!.contact.facts
        return { decision, action: action!, placement, outcome: { type, at: now + 1 } }
      })
      expect(await store.recordOutcomes(told, now + 1, HORIZON)).toEqual(['late', 'known'])
    })

    it('that is late may overfill a cap', async () => {
      const store = await open()
      const first = await granted(store, anna, { shown: [{ heldMs: SHORT }], caps: [cap()] })
      await pass(SHORT)
      const second = await granted(store, anna, { caps: [cap()] })
      expect(await tell(store, first, 'impression')).toBe('late')
      expect(await tell(store, second, 'impression')).toBe('confirmed')
      expect((await store.gather(anna)).ledger.contacts).toHaveLength(2)
    })

    it('that is late is told of with all that counts beside it, once it is written; no other is', async () => {
      const store = await open()
      for (const subject of [anna, session('anna'), null]) {
        const counted: Counted[] = []
        const tellOf = async ({ decision }: Grant, type: Outcome) => {
          const { readAt: at } = await store.gather(null)
          const told = [{ decision, action: 'boots', placement: undefined, outcome: { type, at } }]
          return (await store.recordOutcomes(told, at, HORIZON, (one) => counted.push(one)))[0]
        }
        // A volume, so that nobody holds something too.
        const volume = allowance('told of', 99)
        const of = (heldMs: number) => ({
          shown: [{ heldMs, units: [unitOf(volume)] }],
          takes: [volume],
        })
        const [late, confirmed] = [
          await granted(store, subject, of(SHORT)),
          await granted(store, subject, of(HOUR)),
        ]
        const live = await granted(store, subject, of(HOUR))
        expect(await tellOf(confirmed, 'impression')).toBe('confirmed')
        await pass(SHORT)
        expect(counted).toEqual([])
        expect(await tellOf(late, 'click')).toBe('late')
        expect(await tellOf(late, 'dismiss')).toBe('recorded')
        if (subject === null) {
          expect(counted).toEqual([])
          continue
        }
        expect(counted).toHaveLength(1)
        const [{ contact, ledger, holds }] = counted as [Counted]
        expect(contact).toMatchObject({
          ref: refsOf(late)[0],
          outcomes: [{ type: 'click' }],
          heldUntil: null,
        })
        expect(ledger.contacts).toContainEqual(contact)
        expect(ledger.contacts.map(({ ref }) => ref).sort()).toEqual(
          [...refsOf(late), ...refsOf(confirmed)].sort(),
        )
        const { readAt } = await store.gather(null)
        expect(holds.filter((hold) => isLive(hold, readAt)).map((hold) => hold.contact.ref)).toEqual(
          refsOf(live),
        )
      }
    })

    it('is of the action, and of the placement when it tells one', async () => {
      const store = await open()
      const grant = await granted(store, anna, {
        shown: ['hero', 'banner'].flatMap((placement) =>
          ['boots', 'scarf'].map((action) => ({ facts: { placement, action } })),
        ),
      })
      const stays = async () =>
        (await store.gather(anna)).holds
          .map(({ contact: { facts } }) => `${facts.placement} ${facts.action}`)
          .sort()
      expect(await tell(store, grant, 'notShown', { action: 'coat' })).toBe('unknown')
      expect(await tell(store, grant, 'notShown', { action: 'boots', placement: 'footer' })).toBe('unknown')
      expect(await tell(store, grant, 'notShown', { action: 'boots' })).toBe('released')
      expect(await stays()).toEqual(['banner boots', 'banner scarf', 'hero scarf'])
      expect(await tell(store, grant, 'notShown', { action: 'scarf', placement: 'banner' })).toBe('released')
      expect(await stays()).toEqual(['banner boots', 'hero scarf'])
    })

    it('of what nobody decided, or without a hold, is unknown', async () => {
      const store = await open()
      const empty = await granted(store, anna, { shown: [] })
      expect(await tell(store, empty, 'click', { action: 'boots' })).toBe('unknown')
      const never = grantOf(store, anna, await store.gather(anna))
      expect(await tell(store, never, 'click')).toBe('unknown')
      const foreign = { ...never, decision: 'no name of a decision' as DecisionId }
      expect(await tell(store, foreign, 'click')).toBe('unknown')
      expect((await store.gather(anna)).ledger.contacts).toEqual([])
    })

    it('of nobody is kept with the decision: once, and again only where it is new', async () => {
      const store = await open()
      const volume = allowance('of nobody', 5)
      const one = { shown: [{ units: [unitOf(volume)], heldMs: SHORT }], takes: [volume] }
      const [confirmed, late] = [await granted(store, null, one), await granted(store, null, one)]
      const at = confirmed.now
      expect(await tell(store, confirmed, 'impression', { at })).toBe('confirmed')
      expect(await tell(store, confirmed, 'impression', { at })).toBe('known')
      expect(await tell(store, confirmed, 'click', { at })).toBe('recorded')
      await pass(SHORT)
      await eventually(async () => expect((await store.volumeAccount(volume)).used).toBe(1))
      expect(await tell(store, late, 'impression', { at })).toBe('late')
      expect(await tell(store, late, 'impression', { at })).toBe('known')
      expect((await store.volumeAccount(volume)).used).toBe(1)
    })

    it('is one of many in a call, each answered by itself', async () => {
      const store = await open()
      const subjects = [anna, customer('bert'), session('anna')]
      const grants = await Promise.all(
        subjects.map((subject) => granted(store, subject, { decision: nameDecision(store, subject) })),
      )
      const { readAt } = await store.gather(null)
      const told = grants.flatMap(({ decision }) =>
        (['impression', 'impression', 'click'] as const).map((type) => ({
          ...{ decision, action: 'boots', placement: 'hero' },
          outcome: { type, at: readAt },
        })),
      )
      const stranger = { ...told[0]!, decision: nameDecision(store, anna) }
      expect(await store.recordOutcomes([...told, stranger], readAt, HORIZON)).toEqual([
        ...subjects.flatMap(() => ['confirmed', 'known', 'recorded']),
        'unknown',
      ])
      expect(await store.recordOutcomes([], readAt, HORIZON)).toEqual([])
      for (const subject of subjects) expect(await typesOf(store, subject)).toEqual([['impression', 'click']])
    })

    it('does not forget what else is known of the person', async () => {
      const store = await open()
      await store.upsert(anna.customer, { attributes: { x: 1 } }, 7, null)
      const grant = await granted(store, anna)
      expect(await tell(store, grant, 'impression')).toBe('confirmed')
      expect((await store.gather(anna)).profile).toMatchObject({ attributes: { x: 1 }, updatedAt: 7 })
    })
  })
}
