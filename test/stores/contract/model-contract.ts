import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { Gathered } from '../../../src/ports/customer-store.ts'
import type { Grant } from '../../../src/ports/decision-store.ts'
import { allowance, ask, cap, grantOf, liveRefs, SHORT, tell, unitOf } from './decision-examples.ts'
import type { DecisionStoreUnderTest, Decisions } from './decision-store-home.ts'
import { customer } from './examples.ts'

const MAX = 3
const TYPES = ['impression', 'bounced', 'sent', 'click'] as const
const UNITS = allowance('modelled', 1_000_000)

type Step =
  /** Commits for what is gathered now, or what was gathered at the last `look`. */
  | { readonly do: 'commit'; readonly looked: boolean; readonly runsOut: boolean }
  | { readonly do: 'tell'; readonly which: number; readonly type: Outcome }
  | { readonly do: 'renew'; readonly which: number }
  | { readonly do: 'look' | 'sweep' }

const which = fc.nat({ max: 30 })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      looked: fc.boolean(),
      runsOut: fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 0),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('tell' as const), which, type: fc.constantFrom(...TYPES) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('renew' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('look' as const, 'sweep' as const) }) },
)

/** What must have become of everything one customer was granted: all of it in memory, one step after the other. */
function makeModel() {
  const state = new Map<string, 'held' | 'ended' | 'confirmed' | 'late'>()
  const told = new Map<string, Set<Outcome>>()
  const refsIn = (...states: string[]) =>
    [...state].filter(([, its]) => states.includes(its)).map(([ref]) => ref)
  return {
    /** How often his record has changed. */
    changes: 0,
    held: () => refsIn('held').sort(),
    contacts: () => refsIn('confirmed', 'late').sort(),
    hasRoom: () => refsIn('held', 'confirmed', 'late').length < MAX,
    unitsInUse: () => refsIn('held', 'confirmed').length,
    isHeld: (ref: string) => state.get(ref) === 'held',
    grant: (ref: string, runsOut: boolean) => void state.set(ref, runsOut ? 'ended' : 'held'),
    tell(ref: string, type: Outcome): string {
      const was = state.get(ref)!
      if (was === 'confirmed' || was === 'late') {
        const types = told.get(ref)!
        if (types.has(type)) return 'known'
        types.add(type)
        this.changes++
        return 'recorded'
      }
      if (type === 'impression' || type === 'click') {
        const becomes = was === 'held' ? 'confirmed' : 'late'
        state.set(ref, becomes)
        told.set(ref, new Set([type]))
        this.changes++
        return becomes
      }
      if (type === 'bounced' && was === 'held') {
        state.set(ref, 'ended')
        return 'released'
      }
      return 'known'
    },
  }
}

/** What every decision store promises of any order of steps. */
export function describeModel({ open, pass, sweepAll, eventually }: Decisions): void {
  it('does with one customer what a model in memory does, in whichever order it is told', async () => {
    const stores = [await open(), await open()]
    let runs = 0
    let unitsInUse = 0
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
        const subject = customer(`modelled-${runs++}`)
        const model = makeModel()
        const grants: Grant[] = []
        const policy = cap({ max: MAX })
        const look = async (store: DecisionStoreUnderTest) => ({
          ...{ gathered: await store.gather(subject), changes: model.changes, hadRoom: model.hasRoom() },
        })
        let looked: { gathered: Gathered; changes: number; hadRoom: boolean } = await look(stores[0]!)

        const commit = async (store: DecisionStoreUnderTest, step: Step & { do: 'commit' }) => {
          const basis = step.looked ? looked : await look(store)
          // Where it had no room nobody commits.
          if (!basis.hadRoom) return
          const shown = [{ units: [unitOf(UNITS)], heldMs: step.runsOut ? SHORT : 3_600_000 }]
          const grant = grantOf(
            store,
            subject,
            { ...basis.gathered, readAt: (await store.gather(subject)).readAt },
            {
              ...{ shown, caps: [policy], takes: [UNITS] },
            },
          )
          const expected = basis.changes !== model.changes ? 'moved' : model.hasRoom() ? 'granted' : 'capped'
          expect((await store.commit(grant)).result).toBe(expected)
          if (expected !== 'granted') return
          grants.push(grant)
          model.grant(grant.holds[0]!.contact.ref, step.runsOut)
          if (step.runsOut) await pass(SHORT)
        }
        for (const [i, step] of steps.entries()) {
          const store = stores[i % 2]!
          const grant = 'which' in step && grants.length > 0 ? grants[step.which % grants.length]! : null
          const ref = grant?.holds[0]?.contact.ref
          if (step.do === 'commit') await commit(store, step)
          else if (step.do === 'look') looked = await look(store)
          else if (step.do === 'sweep') await sweepAll()
          else if (grant === null || ref === undefined) continue
          else if (step.do === 'tell')
            expect(await tell(store, grant, step.type, { at: grant.now })).toBe(model.tell(ref, step.type))
          else {
            const isHeld = model.isHeld(ref)
            const shown = [{ renews: ref, units: [unitOf(UNITS)] }]
            const { granted } = await ask(store, subject, { shown })
            expect(granted.result).toBe(isHeld ? 'granted' : 'moved')
          }
          const other = stores[(i + 1) % 2]!
          expect(await liveRefs(other, subject)).toEqual(model.held())
          const { ledger } = await other.gather(subject)
          expect(ledger.contacts.map((one) => one.ref).sort()).toEqual(model.contacts())
        }
        unitsInUse += model.unitsInUse()
        await eventually(async () => expect((await stores[0]!.volumeAccount(UNITS)).used).toBe(unitsInUse))
      }),
      // A step that is made again does other than it did: what failed is told as it is.
      { numRuns: 25, endOnFailure: true },
    )
  })
}
