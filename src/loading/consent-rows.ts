import { makeRecordConsents, type WantedConsent } from '../customers/record-consents.ts'
import { isAddress } from '../domain/address.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { Clock } from '../ports/clock.ts'
import type { CustomerStore } from '../ports/customer-store.ts'
import { becameOf } from './became.ts'
import {
  idOf,
  missing,
  type Row,
  RowFault,
  readingRow,
  refuseOtherColumns,
  subjectOf,
  textOf,
  timeOf,
  wordOf,
} from './fields.ts'
import type { RowKind } from './load-rows.ts'

export const CONSENT_COLUMNS = [
  'customer',
  'session',
  'address',
  'purpose',
  'channel',
  'state',
  'at',
] as const

const LONGEST_ADDRESS = 320

/** Rows of statements of consent: the newest dated one holds, in whatever order they stand. */
export function consentRows(
  store: Pick<CustomerStore, 'recordConsents'>,
  catalogue: Catalogue,
  clock: Clock,
): RowKind<WantedConsent> {
  const record = makeRecordConsents(store, () => catalogue, clock)
  return {
    toItem: readingRow(consentOf),
    batch: 1000,
    inFlight: 4,
    tell: async (consents) => (await record(consents)).map(becameOf),
  }
}

function consentOf(row: Row): WantedConsent {
  refuseOtherColumns(row, CONSENT_COLUMNS)
  const subject = subjectOf(row)
  const address = textOf(row, 'address')
  const channel = idOf(row, 'channel')
  if (address === undefined && subject === null)
    throw new RowFault(
      'columns customer, session and address are empty: it is not said whose consent this is',
    )
  if (address !== undefined && (address.length > LONGEST_ADDRESS || !isAddress(address)))
    throw new RowFault('there is no address in column address')
  if (address !== undefined && channel === undefined)
    throw new RowFault('an address belongs to a channel, and column channel is empty')
  return {
    subject,
    address,
    channel,
    purpose: idOf(row, 'purpose'),
    state: wordOf(row, 'state', ['granted', 'refused'] as const) ?? missing('state'),
    at: timeOf(row, 'at'),
  }
}
