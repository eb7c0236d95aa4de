import { makeRecordContacts } from '../customers/record-contacts.ts'
import type { WantedContact } from '../customers/wanted-contact.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { OUTCOMES } from '../domain/outcome.ts'
import { KINDS, TIERS } from '../domain/tier.ts'
import type { Clock } from '../ports/clock.ts'
import type { CustomerStore } from '../ports/customer-store.ts'
import { becameOf } from './became.ts'
import {
  idOf,
  missing,
  neededIdOf,
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

export const CONTACT_COLUMNS = [
  ...['id', 'customer', 'session', 'channel', 'placement', 'action', 'group', 'tier', 'kind', 'at'],
  ...['outcome', 'outcomeAt', 'until'],
] as const

/** Rows of contacts; one that has several outcomes stands in as many rows with the same id. */
export function contactRows(
  store: Pick<CustomerStore, 'recordContacts'>,
  catalogue: Catalogue,
  clock: Clock,
): RowKind<WantedContact> {
  const record = makeRecordContacts(store, () => catalogue, clock)
  return {
    toItem: readingRow(contactOf),
    batch: 1000,
    inFlight: 4,
    tell: async (contacts) => (await record(contacts)).map(becameOf),
  }
}

function contactOf(row: Row): WantedContact {
  refuseOtherColumns(row, CONTACT_COLUMNS)
  return {
    id: neededIdOf(row, 'id'),
    subject: subjectOf(row) ?? missing('customer'),
    channel: neededIdOf(row, 'channel'),
    placement: idOf(row, 'placement'),
    action: idOf(row, 'action'),
    group: idOf(row, 'group'),
    tier: wordOf(row, 'tier', TIERS),
    kind: wordOf(row, 'kind', KINDS),
    at: timeOf(row, 'at'),
    outcomes: outcomesOf(row),
  }
}

function outcomesOf(row: Row): WantedContact['outcomes'] {
  const type = wordOf(row, 'outcome', OUTCOMES)
  if (type !== undefined) return [{ type, at: timeOf(row, 'outcomeAt'), until: timeOf(row, 'until') }]
  const alone = ['outcomeAt', 'until'].find((column) => textOf(row, column) !== undefined)
  if (alone !== undefined) throw new RowFault(`column ${alone} is filled, and outcome is not`)
  return undefined
}
