import { overfilledCap } from '../../../src/domain/cap-check.ts'
import { type ContactLedger, EMPTY_LEDGER } from '../../../src/domain/contact.ts'
import { type Hold, isLive, refOfHold } from '../../../src/domain/hold.ts'
import { tellOutcome } from '../../../src/domain/hold-outcomes.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { Preferences } from '../../../src/domain/preferences.ts'
import { EMPTY_PROFILE } from '../../../src/domain/profile.ts'
import type { Grant, Granted } from '../../../src/ports/decision-store.ts'
import { makeFakeStore } from '../fake-store.ts'

/** What there is of the one customer at a moment. */
export interface State {
  readonly now: number
  readonly holds: readonly Hold[]
  readonly ledger: ContactLedger
}

export interface GrantedFrom {
  readonly grant: Grant
  /** As the decision knew it. */
  readonly gathered: State
  readonly before: State
}

/** One customer in memory, of whom everything is granted as the port promises, and everything granted is noted. */
export function makeMemoryStore(start: number, preferences: Preferences) {
  let now = start
  let revision = 0
  let holds: readonly (Hold & { readonly revision: number })[] = []
  let told = 0
  let ledger = EMPTY_LEDGER
  const remembered: Hold[] = []
  const granted: GrantedFrom[] = []
  const states = new Map<string, State>()
  const fake = makeFakeStore()
  const state = (): State => ({ now, holds: holds.filter((hold) => isLive(hold, now)), ledger })

  const commit = async (grant: Grant): Promise<Granted> => {
    await Promise.resolve()
    if (grant.basis.record !== String(told)) return { result: 'moved' }
    const hasMoved = grant.holds.some(({ contact: { ref, facts } }) => {
      const known = holds.find(({ contact }) => contact.ref === ref)
      if (known === undefined) return ref !== refOfHold(grant.decision, facts.placement!, facts.action!)
      return !isLive(known, now) || known.revision > Number(grant.basis.holds)
    })
    if (hasMoved) return { result: 'moved' }
    const renewed = new Set(grant.holds.map(({ contact }) => contact.ref))
    const isAsGathered = grant.basis.holds === String(revision)
    if (!isAsGathered && overfilledCap(grant.checks, holds, now, renewed) !== null)
      return { result: 'capped' }
    granted.push({ grant, gathered: states.get(keyOf(grant.basis))!, before: state() })
    revision++
    holds = [
      ...holds.filter(({ contact }) => !renewed.has(contact.ref)),
      ...grant.holds.map((hold) => ({ ...hold, revision })),
    ]
    remembered.push(...grant.holds)
    return { result: 'granted', sequence: granted.length }
  }

  return {
    store: {
      ...fake,
      gather: async (...[subject, address]: Parameters<typeof fake.gather>) => {
        const stored = await fake.gather(subject, address)
        const profile = { ...EMPTY_PROFILE, preferences }
        const basis = { record: String(told), holds: String(revision) }
        states.set(keyOf(basis), state())
        return { ...stored, profile, ledger, holds, readAt: now, basis }
      },
      commit,
    },
    granted,
    state,
    pass: (ms: number) => {
      now += ms
    },
    /** Tells what became of something that was held, if anything was. */
    tell(which: number, type: Outcome): void {
      const hold = remembered[which % Math.max(1, remembered.length)]
      if (hold === undefined) return
      const stored = holds.find(({ contact }) => contact.ref === hold.contact.ref) ?? null
      const after = tellOutcome({ ledger, stored, remembered: hold }, { type, at: now }, now)
      if (after.ledger !== ledger) told++
      ledger = after.ledger
      if (after.hold === 'kept') return
      revision++
      holds = holds.filter((one) => one !== stored)
    },
  }
}

function keyOf({ record, holds }: Grant['basis']): string {
  return `${record} ${holds}`
}
