import { addStatement } from '../../domain/consent-statements.ts'
import { addContact, compactLedger, isTaken } from '../../domain/ledger.ts'
import { EMPTY_PROFILE } from '../../domain/profile.ts'
import type { CustomerStore, ToldConsent } from '../../ports/customer-store.ts'
import { addressOf } from '../keys.ts'
import type { PersonRecord } from '../person-codec.ts'
import { makeAddressDrafts } from './address-drafts.ts'
import { type DraftParts, makePersonDrafts } from './person-drafts.ts'
import { transact } from './transactions.ts'

/** Records what is told of persons and addresses, each call in one transaction. */
export function makeTelling(parts: DraftParts): Pick<CustomerStore, 'recordContacts' | 'recordConsents'> {
  const { db, secret } = parts
  return {
    recordContacts: (told, now, historyHorizonMs) =>
      transact(db, () => {
        const persons = makePersonDrafts(parts, now)
        const became = told.map(({ subject, contact, undated }) => {
          let taken = false
          const isChanged = persons.change(subject, (record) => {
            taken = isTaken(record.ledger, contact)
            return taken ? record : withLedger(record, addContact(record.ledger, contact, undated))
          })
          return taken ? 'taken' : isChanged ? 'changed' : 'known'
        })
        // Only at the end: what is told twice in one call counts once, however old it is.
        persons.write((record) => withLedger(record, compactLedger(record.ledger, now, historyHorizonMs)))
        return became
      }),
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

function withLedger(record: PersonRecord, ledger: PersonRecord['ledger']): PersonRecord {
  return ledger === record.ledger ? record : { ...record, ledger }
}

function withStatement(record: PersonRecord, statement: ToldConsent['statement']): PersonRecord {
  const profile = record.profile ?? EMPTY_PROFILE
  const consents = addStatement(profile.consents, statement)
  if (consents === profile.consents) return record
  const updatedAt = Math.max(profile.updatedAt, statement.toldAt)
  return { ...record, profile: { ...profile, consents, updatedAt } }
}
