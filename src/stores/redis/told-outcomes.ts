import type { ContactLedger } from '../../domain/contact.ts'
import type { Hold } from '../../domain/hold.ts'
import { type HeldAfter, tellOutcome } from '../../domain/hold-outcomes.ts'
import { compactLedger } from '../../domain/ledger.ts'
import type { Counted } from '../../domain/overfilled.ts'
import type { Clock } from '../../ports/clock.ts'
import { SESSION_KEPT_MS } from '../../ports/customer-store.ts'
import type { Became, DecisionStore, ToldOutcome } from '../../ports/decision-store.ts'
import { encodeGranted, type GrantedRecord, grantedIn, SEQUENCE_DIGITS } from '../granted-record.ts'
import { decodeHold } from '../hold-codec.ts'
import { bucketOfDecision, decisionKey, type Holder, holdsKey, profileKey, sessionKey } from '../keys.ts'
import { decodePerson, EMPTY_RECORD, encodePerson, factsIn, STATE_BYTES } from '../person-codec.ts'
import { hasExpired } from '../subjects.ts'
import { bytesIn, listIn, READ, WRITE } from './calls.ts'
import { untilNobodyComesBetween } from './compare-and-set.ts'
import { readHolds } from './gather.ts'
import { luaScript } from './lua-script.ts'
import type { PersonParts } from './persons.ts'
import type { Pools } from './pools.ts'
import { runningOutKey, unitsKey } from './unit-keys.ts'

const OUTCOME = luaScript('outcome', 'outcome.lua')

export interface OutcomeParts extends PersonParts {
  readonly pools: Pools
  /** Instead of the clock of the node that holds somebody. */
  readonly clock?: Clock | undefined
}

/** What remembers contacts of a decision: the record of its person, or of nobody the decision’s own. */
interface Memory {
  readonly key: string
  /** As many bytes of it are its state. */
  readonly stateBytes: number
  readonly ledger: ContactLedger
  readonly after: (ledger: ContactLedger) => Promise<Uint8Array>
  /** Milliseconds; null: as long as before. */
  readonly keptMs: number | null
}

/** A contact that counts though its hold had ended. */
interface Late {
  readonly ref: string
  readonly ledger: ContactLedger
  readonly holder: Holder
}

interface Done {
  readonly became: Became
  readonly late: Late | null
}

const UNKNOWN: Done = { became: 'unknown', late: null }

/** Records what became of what decisions hold: each outcome in one step, and those of one bucket in turn. */
export function makeToldOutcomes(parts: OutcomeParts): DecisionStore['recordOutcomes'] {
  const { link, pools, inTurn, clock } = parts

  const recordOne = async (
    told: ToldOutcome,
    bucket: number,
    toldAt: number,
    horizonMs: number,
    onLate: ((counted: Counted) => void) | undefined,
  ): Promise<Became> => {
    const key = decisionKey(bucket, told.decision)
    const done = await untilNobodyComesBetween('a hold', async (): Promise<Done | null> => {
      const bytes = bytesIn((await link.send(key, [['GET', key]], READ))[0])
      const granted = bytes === undefined ? undefined : grantedIn(bytes)
      const remembered = granted?.holds.find((hold) => isAbout(hold, told))
      if (bytes === undefined || granted === undefined || remembered === undefined) return UNKNOWN
      const { ref } = remembered.contact
      const held = holdsKey(granted.holder)
      const record = recordOf(granted.holder) ?? key
      const { replies, at } = await link.sendTimed(
        record,
        [
          ['GET', record],
          ['HGET', held, ref],
        ],
        READ,
      )
      const [read, text] = replies.map(bytesIn)
      // It may have waited; whoever decided meanwhile knew of no hold that had ended.
      const now = Math.max(toldAt, clock?.() ?? at)
      const memory =
        granted.holder.of === 'nobody'
          ? decisionMemory(key, bytes, granted)
          : await personMemory(parts, record, read, granted.holder, now, horizonMs)
      const stored = text === undefined ? null : decodeHold(text)
      const its = tellOutcome({ ledger: memory.ledger, stored, remembered }, told.outcome, now)
      if (its.ledger === memory.ledger && its.hold === 'kept') return { became: its.became, late: null }
      const state = (granted.holder.of === 'nobody' ? bytes : read)?.subarray(0, memory.stateBytes)
      const isWritten = await write(bucket, memory, { its, held, ref, text, stored, state, now })
      if (!isWritten) return null
      const { became, ledger } = its
      const isCounted = became === 'late' && granted.holder.of !== 'nobody'
      return { became, late: isCounted ? { ref, ledger, holder: granted.holder } : null }
    })
    if (done.late !== null && onLate !== undefined) await tellLate(done.late, onLate)
    return done.became
  }

  /** It is written: that nobody can be told of it fails nothing. */
  const tellLate = async (
    { ref, ledger, holder }: Late,
    onLate: (counted: Counted) => void,
  ): Promise<void> => {
    const contact = ledger.contacts.find((one) => one.ref === ref)!
    const holds = await readHolds(link, holder).catch(() => null)
    if (holds !== null) onLate({ contact, ledger, holds })
  }

  interface Written {
    readonly its: HeldAfter
    readonly held: string
    readonly ref: string
    readonly text: Buffer | undefined
    readonly stored: Hold | null
    readonly state: Buffer | undefined
    readonly now: number
  }

  const write = async (bucket: number, memory: Memory, written: Written): Promise<boolean> => {
    const { its, held, ref, text, stored, state, now } = written
    const units = its.hold === 'returned' ? (stored?.units ?? []) : []
    const isTold = its.ledger !== memory.ledger
    const isOfLive = its.became === 'confirmed' || its.became === 'released'
    const liveUntil = isOfLive && clock === undefined ? stored!.contact.heldUntil : ''
    const after = isTold ? await memory.after(its.ledger) : ''
    const reply = listIn(
      await link.run(
        OUTCOME,
        [
          ...([memory.key, held, runningOutKey(bucket)] as const),
          ...units.map(({ period }) => unitsKey(bucket, period)),
        ],
        [
          ...[now, memory.stateBytes, state ?? '', ref, text ?? '', after, memory.keptMs ?? ''],
          ...[its.hold === 'kept' ? 0 : 1, liveUntil, ...units.flatMap(({ volume }, i) => [i + 4, volume])],
        ],
        WRITE,
      ),
    )
    if (String(reply[0]) !== 'done') return false
    for (const [place, ever] of listIn(reply[1]).entries())
      void pools.collect(units[place]!, [[bucket, Number(ever)]]).catch(() => {})
    return true
  }

  return (told, now, historyHorizonMs, onLate) =>
    Promise.all(
      told.map((one): Promise<Became> => {
        const bucket = bucketOfDecision(one.decision)
        if (bucket === null) return Promise.resolve('unknown')
        return inTurn(`outcomes ${bucket}`, () => recordOne(one, bucket, now, historyHorizonMs, onLate))
      }),
    )
}

function isAbout({ contact: { facts } }: Hold, { action, placement }: ToldOutcome): boolean {
  return facts.action === action && (placement === undefined || facts.placement === placement)
}

function recordOf({ of, person }: Holder): string | null {
  if (of === 'nobody') return null
  return of === 'customer' ? profileKey(person) : sessionKey(person)
}

async function personMemory(
  { facts }: OutcomeParts,
  key: string,
  bytes: Buffer | undefined,
  { of }: Holder,
  now: number,
  horizonMs: number,
): Promise<Memory> {
  const stored =
    bytes === undefined ? EMPTY_RECORD : await facts.reading((numbers) => decodePerson(bytes, numbers))
  const before = hasExpired(stored, now) ? EMPTY_RECORD : stored
  const keptMs = of === 'session' ? SESSION_KEPT_MS : null
  return {
    ...{ key, stateBytes: STATE_BYTES, ledger: before.ledger, keptMs },
    after: (told) => {
      const ledger = compactLedger(told, now, horizonMs)
      const expiresAt = keptMs === null ? null : now + keptMs
      const record = { ...before, ledger, expiresAt, revision: stored.revision + 1 }
      return facts.writing(factsIn(record), (numbers) => encodePerson(record, numbers))
    },
  }
}

/** Nobody has no ledger: what was confirmed is kept with the decision. */
function decisionMemory(key: string, bytes: Buffer, granted: GrantedRecord): Memory {
  const sequence = bytes.subarray(0, SEQUENCE_DIGITS)
  return {
    // Format and checksum of what is sealed, after the sequence.
    ...{
      key,
      stateBytes: SEQUENCE_DIGITS + 5,
      keptMs: null,
      ledger: { contacts: granted.contacts, days: [] },
    },
    after: async ({ contacts }) => Buffer.concat([sequence, encodeGranted({ ...granted, contacts })]),
  }
}
