import { sha256Hex } from '../domain/canonical-json.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { ContactFacts, ContactOutcome } from '../domain/contact.ts'
import type { ActionId } from '../domain/ids.ts'
import type { Undated } from '../domain/ledger.ts'
import type { OverfillCause } from '../domain/overfilled.ts'
import type { Clock } from '../ports/clock.ts'
import type { CustomerStore, ToldContact } from '../ports/customer-store.ts'
import { type CodedFault, channelFaults, placementFaults } from './catalogue-names.ts'
import { contactTimeFaults } from './contact-times.ts'
import { countOverfilled } from './count-overfilled.ts'
import { type Checked, type Recorded, recordBatch } from './record-batch.ts'
import { SKEW_MS } from './times.ts'
import type { WantedContact, WantedOutcome } from './wanted-contact.ts'

/**
 * Records contacts, made by whichever system, and what became of them.
 * @returns what became of each; faults have the place `/contacts/<index>/…`
 * @throws EmmaError `store_unavailable`: nothing is recorded then
 */
export type RecordContacts = (wanted: readonly WantedContact[]) => Promise<Recorded[]>

/** @param onOverfilled - told once for each cap that one of them overfilled; without it nobody looks */
export function makeRecordContacts(
  store: Pick<CustomerStore, 'recordContacts'>,
  catalogue: () => Catalogue,
  clock: Clock,
  onOverfilled?: (cause: OverfillCause) => void,
): RecordContacts {
  return async (wanted) => {
    const [serves, now] = [catalogue(), clock()]
    const checked = wanted.map((contact, i) => check(contact, `/contacts/${i}`, serves, now))
    const onCounted = onOverfilled && countOverfilled(serves, now, () => onOverfilled('recorded_contact'))
    const record = (told: readonly ToldContact[]) =>
      store.recordContacts(told, now, serves.historyHorizonMs, onCounted)
    return recordBatch(checked, record, takenFault)
  }
}

function check(
  wanted: WantedContact,
  place: string,
  catalogue: Catalogue,
  now: number,
): Checked<ToldContact> {
  const { subject, channel, placement } = wanted
  const outcomes = inOrder(wanted.outcomes ?? [], now)
  const told = wanted.at ?? Math.min(now, outcomes[0]?.at ?? now)
  // A caller’s clock may be a little ahead; only what is planned lies in the future.
  const at = outcomes.length > 0 && told <= now + SKEW_MS ? Math.min(told, now) : told
  const faults = [
    ...channelFaults(channel, `${place}/channel`, catalogue),
    ...placementFaults(placement, channel, `${place}/placement`, catalogue),
    ...contactTimeFaults(wanted, at, place, { now, historyHorizonMs: catalogue.historyHorizonMs }),
  ]
  if (faults.length > 0) return { faults }
  const facts = factsOf(wanted, catalogue)
  const contact = { facts, ref: refOf(wanted.id), at, heldUntil: null, outcomes }
  return { told: { subject, contact, undated: undatedOf(wanted) } }
}

function takenFault(index: number): CodedFault {
  return {
    code: 'contact_id_taken',
    place: `/contacts/${index}/id`,
    what: 'this is the id of a contact on another channel, or with another action',
    remedy: 'give every contact its own id',
  }
}

/** Eight bytes of SHA-256 in hexadecimal: what a ledger has room for. */
function refOf(id: string): string {
  return sha256Hex(id).slice(0, 16)
}

function undatedOf({ at, outcomes = [] }: WantedContact): Undated {
  const undated = outcomes.filter((outcome) => outcome.at === undefined).map(({ type }) => type)
  return { contact: at === undefined, outcomes: new Set(undated) }
}

/** What is not told of an action is as the catalogue has it. */
function factsOf(wanted: WantedContact, { actions, positionOf }: Catalogue): ContactFacts {
  const { channel, placement, action, group, tier, kind } = wanted
  const position = positionOf.get(action as ActionId)
  const known = position === undefined ? undefined : actions[position]
  return {
    channel,
    placement,
    action,
    group: group ?? known?.group,
    tier: tier ?? known?.tier ?? 'marketing',
    kind: kind ?? known?.kind ?? 'offer',
  }
}

/** In order of time, each once. */
function inOrder(wanted: readonly WantedOutcome[], now: number): ContactOutcome[] {
  const once = new Map<string, ContactOutcome>()
  for (const { type, at = now, until } of wanted) {
    // So that the next decision heeds it, however far ahead the caller’s clock is.
    const happened = Math.min(at, now)
    const outcome = until === undefined ? { type, at: happened } : { type, at: happened, until }
    once.set(JSON.stringify(outcome), outcome)
  }
  return [...once.values()].sort((a, b) => a.at - b.at)
}
