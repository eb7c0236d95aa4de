import type { Catalogue } from '../domain/catalogue.ts'
import type { Clock } from '../ports/clock.ts'
import type { CustomerStore, Subject, ToldConsent } from '../ports/customer-store.ts'
import { channelFaults, purposeFaults } from './catalogue-names.ts'
import { type Checked, type Recorded, recordBatch } from './record-batch.ts'
import { notYetFaults } from './times.ts'

/** A statement of consent as a caller tells it: of a person, of an address whoever owns it, or of both. */
export interface WantedConsent {
  readonly subject: Subject | null
  readonly address?: string | undefined
  /** Whatever the purpose when there is none, and likewise below. */
  readonly purpose?: string | undefined
  readonly channel?: string | undefined
  readonly state: 'granted' | 'refused'
  /** When it was made, epoch milliseconds; undefined when nobody knows. */
  readonly at?: number | undefined
}

/**
 * Records what persons have agreed to and refused. It may be long ago: consent does not end with the history of contacts.
 * @returns what became of each; faults have the place `/consents/<index>/…`
 * @throws EmmaError `store_unavailable`: nothing is recorded then
 */
export type RecordConsents = (wanted: readonly WantedConsent[]) => Promise<Recorded[]>

export function makeRecordConsents(
  store: Pick<CustomerStore, 'recordConsents'>,
  catalogue: () => Catalogue,
  clock: Clock,
): RecordConsents {
  return async (wanted) => {
    const [serves, now] = [catalogue(), clock()]
    const checked = wanted.map((consent, i) => check(consent, `/consents/${i}`, serves, now))
    const record = async (told: readonly ToldConsent[]) =>
      (await store.recordConsents(told)).map((isNew) => (isNew ? 'changed' : 'known'))
    return recordBatch(checked, record)
  }
}

function check(
  { subject, address, purpose, channel, state, at }: WantedConsent,
  place: string,
  catalogue: Catalogue,
  now: number,
): Checked<ToldConsent> {
  const faults = [
    ...purposeFaults(purpose, `${place}/purpose`, catalogue),
    ...channelFaults(channel, `${place}/channel`, catalogue),
    ...(at === undefined ? [] : notYetFaults(at, now, `${place}/at`)),
  ]
  if (faults.length > 0) return { faults }
  const statement = {
    purpose: purpose ?? null,
    channel: channel ?? null,
    address: address ?? null,
    state,
    // A caller’s clock may be a little ahead; what is told later must still be newer.
    at: at === undefined ? null : Math.min(at, now),
    toldAt: now,
  }
  return { told: { subject, statement } }
}
