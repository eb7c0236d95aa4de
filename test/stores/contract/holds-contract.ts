import { describe, expect, it } from 'vitest'
import type { Contact } from '../../../src/domain/contact.ts'
import type { Counted } from '../../../src/domain/overfilled.ts'
import type { Subject } from '../../../src/ports/customer-store.ts'
import type { Grant } from '../../../src/ports/decision-store.ts'
import {
  ask,
  cap,
  decideFor,
  granted,
  grantOf,
  liveRefs,
  refsOf,
  SHORT,
  type Shown,
  tell,
} from './decision-examples.ts'
import type { DecisionStoreUnderTest, Decisions } from './decision-store-home.ts'
import { contact, customer, DAY, facts, HORIZON, HOUR, session } from './examples.ts'

const anna = customer('anna')

/** What every decision store promises of holds, and of the caps that count them at the moment of the commit. */
export function describeHolds({ open, pass, sweepAll, eventually }: Decisions): void {
  /** Commits one answer that was judged before `others` were granted. */
  const afterOthers = async (
    store: DecisionStoreUnderTest,
    subject: Subject,
    policy: ReturnType<typeof cap>,
    others: readonly Shown[],
    mine: readonly Shown[],
  ) => {
    const gathered = await store.gather(subject)
    for (const shown of others) await granted(store, subject, { shown: [shown] })
    return (await store.commit(grantOf(store, subject, gathered, { caps: [policy], shown: mine }))).result
  }
  /** Shown in places of their own. */
  const times = (count: number, shown: Shown = {}): Shown[] =>
    Array.from({ length: count }, (_, i) => ({ ...shown, facts: { ...shown.facts, placement: `p${i}` } }))

  describe('a cap', () => {
    it('is filled to its limit, and not beyond, by holds that others took meanwhile', async () => {
      const store = await open()
      for (const [i, subject] of [customer('a'), session('a')].entries()) {
        const three = cap({ max: 3 })
        expect(await afterOthers(store, subject, three, times(2), [{}])).toBe('granted')
        expect(await afterOthers(store, customer(`b${i}`), three, times(3), [{}])).toBe('capped')
        expect(await afterOthers(store, customer(`c${i}`), three, times(1), times(2))).toBe('granted')
        expect(await afterOthers(store, customer(`d${i}`), three, times(2), times(2))).toBe('capped')
      }
    })

    it('counts what it is for, under the key that it counts by', async () => {
      const store = await open()
      const cases: [string, Parameters<typeof cap>[0], Shown, Shown, string][] = [
        ['per-group', { per: 'group' }, { facts: { group: 'coats' } }, {}, 'granted'],
        ['same-group', { per: 'group' }, { facts: { action: 'x' } }, {}, 'capped'],
        ['no-group', { per: 'group' }, { facts: { group: undefined } }, {}, 'granted'],
        ['per-action', { per: 'action' }, { facts: { action: 'x' } }, {}, 'granted'],
        ['per-placement', { per: 'placement' }, { facts: { placement: 'x' } }, {}, 'granted'],
        ['per-channel', { per: 'channel' }, { facts: { channel: 'email' } }, {}, 'granted'],
        ['per-tier', { per: 'tier' }, { facts: { tier: 'service' } }, {}, 'granted'],
        ['per-customer', {}, { facts: { tier: 'mandatory', channel: 'email' } }, {}, 'capped'],
        ['offers', { where: { kind: new Set(['offer']) } }, { facts: { kind: 'activity' } }, {}, 'granted'],
        ['others', { where: { action: new Set(['x', 'boots']) } }, { facts: { action: 'x' } }, {}, 'capped'],
        [
          'all-keys',
          { where: { action: new Set(['x', 'boots']), channel: new Set(['web']) } },
          { facts: { action: 'x', channel: 'email' } },
          {},
          'granted',
        ],
      ]
      for (const [who, policy, other, mine, result] of cases) {
        const elsewhere = { ...other, facts: { placement: 'elsewhere', ...other.facts } }
        expect(await afterOthers(store, customer(who), cap(policy), [elsewhere], [mine]), who).toBe(result)
      }
    })

    it('has windows that are half open, around what was, is and will be', async () => {
      const store = await open()
      const policy = cap({ windowMs: HOUR })
      const other = { facts: { placement: 'other' } }
      const cases: [string, number, string][] = [
        ...[['sooner', HOUR - 1, 'capped'] as const, ['then', HOUR, 'granted'] as const],
        ...[['now', 0, 'capped'] as const, ['later', 2 * HOUR, 'granted'] as const],
      ].map(([who, inMs, result]) => [who, inMs, result] as [string, number, string])
      for (const [who, inMs, result] of cases) {
        const gathered = await store.gather(customer(who))
        // Of the same moment, as windows are to the millisecond.
        const theirs = grantOf(store, customer(who), gathered, { shown: [{ ...other, inMs }] })
        const mine = grantOf(store, customer(who), gathered, { caps: [policy] })
        expect((await store.commit(theirs)).result).toBe('granted')
        expect((await store.commit(mine)).result, who).toBe(result)
      }
    })

    it('finds the fullest window that the contact is in, on both of its sides', async () => {
      const store = await open()
      const policy = cap({ max: 2, windowMs: 10 * HOUR })
      const others = [-6, 6].map((hours) => ({ inMs: hours * HOUR, facts: { placement: `at ${hours}` } }))
      expect(await afterOthers(store, customer('apart'), policy, others, [{}])).toBe('granted')
      const near = [-6, 3].map((hours) => ({ inMs: hours * HOUR, facts: { placement: `at ${hours}` } }))
      expect(await afterOthers(store, customer('near'), policy, near, [{}])).toBe('capped')
    })

    it('counts confirmed contacts too, also those of which only the day is known', async () => {
      const store = await open()
      const policy = cap({ max: 2, windowMs: 200 * DAY })
      for (const [who, ago] of [
        ['exact', DAY],
        ['by-day', 150 * DAY],
      ] as const) {
        const subject = customer(who)
        const { readAt } = await store.gather(null)
        const told = { subject, contact: contact(1, { at: readAt - ago }) }
        await store.recordContacts([told], readAt, HORIZON)
        const { ledger } = await store.gather(subject)
        expect([ledger.contacts.length, ledger.days.length]).toEqual(who === 'exact' ? [1, 0] : [0, 1])
        expect(await afterOthers(store, subject, policy, times(1), [{}]), who).toBe('capped')
        expect(await afterOthers(store, subject, cap({ max: 3, windowMs: 200 * DAY }), [], [{}])).toBe(
          'granted',
        )
      }
    })

    it('does not hold back what it is not asked of, which counts all the same', async () => {
      const store = await open()
      const gathered = await store.gather(anna)
      for (const shown of times(3, { facts: { tier: 'mandatory' } }))
        await granted(store, anna, { shown: [shown] })
      const more = grantOf(store, anna, gathered, { shown: [{ facts: { tier: 'mandatory' } }] })
      expect((await store.commit(more)).result).toBe('granted')
      const asked = grantOf(store, anna, gathered, { caps: [cap({ max: 4 })], shown: times(1) })
      expect((await store.commit(asked)).result).toBe('capped')
    })

    it('is each by itself: one of several that is full is enough', async () => {
      const store = await open()
      const gathered = await store.gather(anna)
      await granted(store, anna, { shown: [{ facts: { placement: 'other', group: 'coats' } }] })
      const wide = cap({ id: 'wide', max: 5 })
      const perGroup = cap({ id: 'group', per: 'group', max: 1 })
      const both = (group: string) =>
        grantOf(store, anna, gathered, {
          caps: [wide, perGroup],
          shown: [{ facts: { group, placement: group } }],
        })
      expect((await store.commit(both('coats'))).result).toBe('capped')
      expect((await store.commit(both('shoes'))).result).toBe('granted')
    })
  })

  describe('holds that others take meanwhile', () => {
    it('are no conflict as long as there is room', async () => {
      const [store, second] = [await open(), await open()]
      const policy = cap({ per: 'action' })
      const gathered = await store.gather(anna)
      for (let i = 0; i < 5; i++)
        await granted(second, anna, { shown: [{ facts: { placement: `p${i}`, action: `a${i}` } }] })
      expect((await store.commit(grantOf(store, anna, gathered, { caps: [policy] }))).result).toBe('granted')
      expect(await liveRefs(store, anna)).toHaveLength(6)
    })
  })

  describe('a hold that ran out', () => {
    it('counts no more, and is gone after a sweep', async () => {
      const [store, second] = [await open(), await open()]
      const short = await granted(store, anna, { shown: [{ heldMs: SHORT }], caps: [cap()] })
      expect(await decideFor(store, anna, cap(), { facts: { placement: 'other' } })).toBe(false)
      await pass(SHORT)
      expect(await liveRefs(store, anna)).toEqual([])
      // What is swept is no conflict either.
      const gathered = await second.gather(anna)
      await sweepAll()
      await eventually(async () => expect((await store.gather(anna)).holds).toEqual([]))
      expect((await second.commit(grantOf(second, anna, gathered, { caps: [cap()] }))).result).toBe('granted')
      expect(await liveRefs(store, anna)).toHaveLength(1)
      expect(await liveRefs(store, anna)).not.toEqual(refsOf(short))
    })

    it('leaves its room to a commit that was judged before, swept or not', async () => {
      const [store, second] = [await open(), await open()]
      for (const swept of [false, true]) {
        const subject = customer(`swept ${swept}`)
        const gathered = await store.gather(subject)
        await granted(second, subject, { shown: [{ heldMs: SHORT, facts: { placement: 'other' } }] })
        const mine = grantOf(store, subject, gathered, { caps: [cap()] })
        expect((await store.commit(mine)).result).toBe('capped')
        await pass(SHORT)
        if (swept) await sweepAll()
        const again = grantOf(store, subject, gathered, { caps: [cap()] })
        expect((await store.commit(again)).result).toBe('granted')
      }
    })

    it('is told apart from those that did not', async () => {
      const store = await open()
      const subjects = [anna, customer('bert'), session('anna')]
      const long: Grant[] = []
      for (const subject of subjects) {
        await granted(store, subject, { shown: times(3, { heldMs: SHORT }) })
        long.push(await granted(store, subject, { shown: [{ facts: { placement: 'long' } }] }))
      }
      await pass(SHORT)
      await sweepAll()
      for (const [i, subject] of subjects.entries()) {
        await eventually(async () => expect((await store.gather(subject)).holds).toEqual(long[i]!.holds))
        expect(await tell(store, long[i]!, 'impression')).toBe('confirmed')
      }
    })
  })

  describe('what is held', () => {
    it('keeps every fact of the contact, and its units', async () => {
      const store = await open()
      const about = facts({ action: 'ä "quoted"\n🙂', group: undefined, tier: 'service', kind: 'activity' })
      const units = [{ volume: 'v "1"', period: '2026-W48' }]
      const shown = { facts: about, session: '0011223344556677', confirmOn: 'sent' as const, units }
      const { grant } = await ask(store, anna, { shown: [shown] })
      expect((await store.gather(anna)).holds).toEqual(grant.holds)
    })
  })

  describe('a contact that is recorded', () => {
    it('is told of with all that counts beside it, once it counts; each in its turn', async () => {
      const [store, second] = [await open(), await open()]
      for (const subject of [anna, session('anna')]) {
        const live = await granted(store, subject)
        const { readAt: at } = await store.gather(subject)
        const record = async (of: DecisionStoreUnderTest, ...contacts: Contact[]) => {
          const counted: Counted[] = []
          const told = contacts.map((one) => ({ subject, contact: one }))
          await of.recordContacts(told, at, HORIZON, (one) => counted.push(one))
          return counted
        }
        const [first, late] = [contact(1, { at: at - HOUR }), contact(2, { at: at - DAY })]
        const counted = await record(store, first, first, late)
        expect(counted.map((one) => [one.contact, one.ledger.contacts])).toEqual([
          [first, [first]],
          [late, [late, first]],
        ])
        for (const { holds } of counted) expect(holds).toEqual(live.holds)
        const clicked = contact(1, { at: at - HOUR, outcomes: [{ type: 'click', at }] })
        const bounced = contact(3, { at, outcomes: [{ type: 'bounced', at }] })
        const other = contact(2, { at, facts: facts({ action: 'other' }) })
        expect(await record(second, first, clicked, bounced, other)).toEqual([])
        const sent = await record(second, contact(3, { at, outcomes: [{ type: 'sent', at: at + 1 }] }))
        expect(sent.map((one) => one.contact.ref)).toEqual([bounced.ref])
      }
    })

    it('is told of to nobody where it could not be written', async () => {
      const store = await open()
      const wrong = [contact(1), contact(2, { ref: 'no 16 digits' })]
      const counted: Counted[] = []
      const { readAt } = await store.gather(anna)
      const told = wrong.map((one) => ({ subject: anna, contact: one }))
      await expect(
        store.recordContacts(told, readAt, HORIZON, (one) => counted.push(one)),
      ).rejects.toMatchObject({ code: 'store_unavailable' })
      expect(counted).toEqual([])
    })
  })
}
