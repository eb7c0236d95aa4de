import type { ConsentStatement } from '../../domain/consent.ts'
import { addStatement } from '../../domain/consent-statements.ts'
import type { Person } from '../../ports/customer-store.ts'
import { statementsKey } from '../keys.ts'
import { decodeStatements, encodeStatements } from '../person-codec.ts'
import { bytesIn, READ } from './calls.ts'
import { compareAndSet, untilNobodyComesBetween } from './compare-and-set.ts'
import type { PersonParts } from './persons.ts'

/** What is said of an address; nothing where nothing is stored. */
export function statementsIn(bytes: Buffer | undefined): readonly ConsentStatement[] {
  return bytes === undefined ? [] : decodeStatements(bytes)
}

/** Adds statements to those of an address, all of them in one step. @returns for each whether it says anything new */
export function makeTellAddress({ link, inTurn }: Pick<PersonParts, 'link' | 'inTurn'>) {
  return (address: Person, told: readonly ConsentStatement[]): Promise<boolean[]> => {
    const key = statementsKey(address)
    return inTurn(key, async () => {
      let [bytes] = (await link.send(key, [['GET', key]], READ)).map(bytesIn)
      return untilNobodyComesBetween('what is said of an address', async () => {
        const before = statementsIn(bytes)
        let all = before
        const changed = told.map((statement) => {
          const known = all
          all = addStatement(known, statement)
          return all !== known
        })
        if (all === before) return changed
        const found = await compareAndSet(link, [
          { key, before: bytes, after: encodeStatements(all), keptMs: null },
        ])
        if (found === null) return changed
        bytes = found[0]
        return null
      })
    })
  }
}
