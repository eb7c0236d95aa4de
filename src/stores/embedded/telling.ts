import { type Counted, newlyCounted } from '../../domain/overfilled.ts'
import type { CustomerStore, Subject, ToldConsent } from '../../ports/customer-store.ts'
import { addressOf } from '../keys.ts'
import { compacted, type RecordWithContact, withContact, withStatement } from '../person-changes.ts'
import { holderFor, personFor } from '../subjects.ts'
import { makeAddressDrafts } from './address-drafts.ts'
import type { HeldStore } from './held.ts'
import { type DraftParts, makePersonDrafts } from './person-drafts.ts'
import { transact } from './transactions.ts'

/** Records what is told of persons and addresses, each call in one transaction. */
export function makeTelling(
  parts: DraftParts & { readonly held: HeldStore },
): Pick<CustomerStore, 'recordContacts' | 'recordConsents'> {
  const { db, secret, held } = parts
  const holdsOf = (subject: Subject) =>
    held.read(holderFor(subject, personFor(secret, subject))).holds.map(({ hold }) => hold)
  return {
    async recordContacts(told, now, historyHorizonMs, onCounted) {
      const { became, counted } = await transact(db, () => {
        const counted: Counted[] = []
        const persons = makePersonDrafts(parts, now)
        const became = told.map(({ subject, ...one }) => {
          let became: RecordWithContact['became'] = 'known'
          persons.change(subject, (record) => {
            const next = withContact(record, one)
            became = next.became
            const { ledger } = next.record
            const contact =
              onCounted === undefined ? null : newlyCounted(record.ledger, ledger, one.contact.ref, now)
            if (contact !== null) counted.push({ contact, ledger, holds: holdsOf(subject) })
            return next.record
          })
          return became
        })
        // Only at the end: what is told twice in one call counts once, however old it is.
        persons.write((record) => compacted(record, now, historyHorizonMs))
        return { became, counted }
      })
      for (const one of counted) onCounted?.(one)
      return became
    },
    recordConsents: (told) =>
      transact(db, () => {
        const now = told.reduce((latest, { statement }) => Math.max(latest, statement.toldAt), 0)
        const persons = makePersonDrafts(parts, now)
        const addresses = makeAddressDrafts(db)
        const changed = told.map(({ subject, statement }: ToldConsent) => {
          const address = statement.address === null ? null : addressOf(secret, statement.address)
          const kept = { ...statement, address: address?.key ?? null }
          const isNew = [
            subject !== null && persons.change(subject, (record) => withStatement(record, kept)),
            address !== null && addresses.add(address, kept),
          ]
          return isNew.includes(true)
        })
        persons.write()
        addresses.write()
        return changed
      }),
  }
}
