import type { ContactLedger } from '../../domain/contact.ts'
import type { Hold } from '../../domain/hold.ts'
import { type HeldAfter, tellOutcome } from '../../domain/hold-outcomes.ts'
import { compactLedger } from '../../domain/ledger.ts'
import type { Counted } from '../../domain/overfilled.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Became, DecisionStore, ToldOutcome } from '../../ports/decision-store.ts'
import { encodeGranted, type GrantedRecord, grantedIn, sequenceIn, withSequence } from '../granted-record.ts'
import { bucketOfDecision, decisionKey } from '../keys.ts'
import type { HeldStore } from './held.ts'
import { type DraftParts, makePersonDrafts } from './person-drafts.ts'
import { transact } from './transactions.ts'
import type { UnitCounters } from './unit-counters.ts'

export interface OutcomeParts extends DraftParts {
  readonly clock: Clock
  readonly held: HeldStore
  readonly units: UnitCounters
}

interface Recorded {
  readonly became: Became
  /** What counts from now on though its hold had ended; null where there is no such. */
  readonly late: Counted | null
}

const UNKNOWN: Recorded = { became: 'unknown', late: null }

/** Records what became of what decisions hold, each outcome in a transaction of its own. */
export function makeOutcomes(parts: OutcomeParts): DecisionStore['recordOutcomes'] {
  const { db, clock, held, units } = parts

  const recordOne = (told: ToldOutcome, toldAt: number, historyHorizonMs: number): Recorded => {
    // It may have waited; whoever decided meanwhile knew of no hold that had ended.
    const now = Math.max(toldAt, clock())
    const bucket = bucketOfDecision(told.decision)
    const key = bucket === null ? null : decisionKey(bucket, told.decision)
    const bytes = key === null ? undefined : db.get(key)
    if (key === null || bytes === undefined) return UNKNOWN
    const granted = grantedIn(bytes)
    const sequence = sequenceIn(bytes)
    const remembered = granted.holds.find((hold) => isAbout(hold, told))
    if (remembered === undefined) return UNKNOWN
    const { holder } = granted
    const before = held.read(holder)
    const { ref } = remembered.contact
    const stored = before.holds.find(({ hold }) => hold.contact.ref === ref)?.hold ?? null
    const tell = (ledger: ContactLedger) => tellOutcome({ ledger, stored, remembered }, told.outcome, now)

    const after = holder.of === 'nobody' ? tellNobody(key, granted, tell) : tellPerson(granted, tell)
    if (after.hold !== 'kept') held.drop(holder, before, new Set([ref]))
    if (after.hold === 'returned') units.move(stored!.units)
    const { became, ledger } = after
    if (became !== 'late' || holder.of === 'nobody') return { became, late: null }
    const contact = ledger.contacts.find((one) => one.ref === ref)!
    return { became, late: { contact, ledger, holds: before.holds.map(({ hold }) => hold) } }

    function tellPerson({ holder: { of, person } }: GrantedRecord, change: typeof tell): HeldAfter {
      const persons = makePersonDrafts(parts, now)
      let its: HeldAfter | undefined
      persons.changeOf({ person, isSession: of === 'session' }, (record) => {
        its = change(record.ledger)
        return its.ledger === record.ledger ? record : { ...record, ledger: its.ledger }
      })
      persons.write((record) => ({
        ...record,
        ledger: compactLedger(record.ledger, now, historyHorizonMs),
      }))
      return its!
    }

    /** Nobody has no ledger: what was confirmed is kept with the decision. */
    function tellNobody(at: string, record: GrantedRecord, change: typeof tell): HeldAfter {
      const ledger = { contacts: record.contacts, days: [] }
      const its = change(ledger)
      if (its.ledger !== ledger) {
        const told = encodeGranted({ ...record, contacts: its.ledger.contacts })
        void db.put(at, withSequence(sequence, told))
      }
      return its
    }
  }

  return (told, now, historyHorizonMs, onLate) =>
    Promise.all(
      told.map(async (one) => {
        const { became, late } = await transact(db, () => recordOne(one, now, historyHorizonMs))
        if (late !== null) onLate?.(late)
        return became
      }),
    )
}

function isAbout({ contact: { facts } }: Hold, { action, placement }: ToldOutcome): boolean {
  return facts.action === action && (placement === undefined || facts.placement === placement)
}
