import type { Contact, ContactLedger } from '../../domain/contact.ts'
import { newlyCounted } from '../../domain/overfilled.ts'
import type { CustomerStore, Subject, ToldContact } from '../../ports/customer-store.ts'
import { addressOf } from '../keys.ts'
import { compacted, withContact, withStatement } from '../person-changes.ts'
import { holderFor, personFor } from '../subjects.ts'
import { makeTellAddress } from './addresses.ts'
import { readHolds } from './gather.ts'
import type { ChangePerson, PersonParts } from './persons.ts'

/** Records what is told, for each person and each address in one step. */
export function makeTelling(
  parts: PersonParts,
  changePerson: ChangePerson,
): Pick<CustomerStore, 'recordContacts' | 'recordConsents'> {
  const tellAddress = makeTellAddress(parts)

  /** It is written: that nobody can be told of it fails nothing. */
  const holdsOf = (subject: Subject) =>
    readHolds(parts.link, holderFor(subject, personFor(parts.secret, subject))).catch(() => null)

  return {
    async recordContacts(told, now, historyHorizonMs, onCounted) {
      const became = told.map((): 'changed' | 'known' | 'taken' => 'known')
      const ofPersons = groupsOf(told, ({ subject }) => nameOf(subject))
      await allSettled(
        ofPersons.map(async (group) => {
          const { subject } = group[0]!.one
          const { results, counted } = await changePerson(subject, now, (before) => {
            let record = before
            const counted: { readonly contact: Contact; readonly ledger: ContactLedger }[] = []
            const results = group.map(({ one }: { one: ToldContact }) => {
              const next = withContact(record, one)
              const { ledger } = next.record
              const contact =
                onCounted === undefined ? null : newlyCounted(record.ledger, ledger, one.contact.ref, now)
              if (contact !== null) counted.push({ contact, ledger })
              record = next.record
              return next.became
            })
            // Only at the end: what is told twice in one call counts once, however old it is.
            if (record !== before) record = compacted(record, now, historyHorizonMs)
            return { record, beside: null, result: { results, counted } }
          })
          results.forEach((result, i) => {
            became[group[i]!.index] = result
          })
          if (onCounted === undefined || counted.length === 0) return
          const holds = await holdsOf(subject)
          if (holds !== null) for (const one of counted) onCounted({ ...one, holds })
        }),
      )
      return became
    },
    async recordConsents(told) {
      const now = told.reduce((latest, { statement }) => Math.max(latest, statement.toldAt), 0)
      const kept = told.map(({ subject, statement }) => {
        const address = statement.address === null ? null : addressOf(parts.secret, statement.address)
        return { subject, address, statement: { ...statement, address: address?.key ?? null } }
      })
      const changed = told.map(() => false)
      const note = (group: readonly { readonly index: number }[], isNew: readonly boolean[]) =>
        group.forEach(({ index }, i) => {
          changed[index] ||= isNew[i]!
        })
      const ofPersons = groupsOf(kept, ({ subject }) => (subject === null ? null : nameOf(subject)))
      const ofAddresses = groupsOf(kept, ({ address }) => address?.key ?? null)
      await allSettled([
        ...ofPersons.map(async (group) => {
          const isNew = await changePerson(group[0]!.one.subject!, now, (before) => {
            let record = before
            const result = group.map(({ one }) => {
              const known = record
              record = withStatement(known, one.statement)
              return record !== known
            })
            return { record, beside: null, result }
          })
          note(group, isNew)
        }),
        ...ofAddresses.map(async (group) => {
          const statements = group.map(({ one }) => one.statement)
          note(group, await tellAddress(group[0]!.one.address!, statements))
        }),
      ])
      return changed
    },
  }
}

/** What belongs together, in the order of its telling; what has no name belongs to nothing. */
function groupsOf<T>(all: readonly T[], nameOf: (one: T) => string | null) {
  const groups = new Map<string, { readonly one: T; readonly index: number }[]>()
  for (const [index, one] of all.entries()) {
    const name = nameOf(one)
    if (name === null) continue
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [{ one, index }])
    else group.push({ one, index })
  }
  return [...groups.values()]
}

function nameOf(subject: Subject): string {
  return 'customer' in subject ? `customer\n${subject.customer}` : `session\n${subject.session}`
}

/** Nothing goes on behind the back of a caller who was told that it failed. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
