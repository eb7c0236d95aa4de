import type { ContactFacts } from '../../domain/contact.ts'
import { FACTS, factsFromBytes, factsToText, makeFactNumbering } from '../fact-records.ts'
import { factsKey, factsRange } from '../keys.ts'
import type { FactNumbers } from '../person-codec.ts'
import { damaged } from '../records.ts'
import type { Environment } from './environment.ts'

/** Numbers as one write transaction sees them; what it adds is written by `write`, and nothing before. */
export interface FactsInTransaction extends FactNumbers {
  write(): void
}

export interface FactsDictionary extends Pick<FactNumbers, 'factsOf'> {
  inTransaction(): FactsInTransaction
}

/**
 * What contacts are about, numbered from 0 and never changed. Each process reads the dictionary once, and what is new in
 * it when it meets a number it does not know. Only what is committed is remembered: a transaction that fails would leave
 * its numbers to others.
 */
export function makeFactsDictionary(db: Environment): FactsDictionary {
  const known: ContactFacts[] = []
  const numbers = makeFactNumbering()

  const readFrom = (start: number): ContactFacts[] =>
    [...db.getRange(factsRange(start))].map(({ key, value }, i) => {
      // A gap would be filled with other facts, and ledgers would change their meaning.
      if (key !== factsKey(start + i)) throw damaged(FACTS.what)
      return factsFromBytes(value)
    })

  return {
    factsOf(number) {
      if (number >= known.length) {
        for (const facts of readFrom(known.length)) {
          numbers.set(facts, known.length)
          known.push(facts)
        }
      }
      return known[number] ?? missing()
    },
    inTransaction() {
      const start = known.length
      let more: ContactFacts[] | undefined
      let written = 0
      const moreNumbers = makeFactNumbering()
      /** What others have added meanwhile, and then this transaction. */
      const beyond = () => {
        if (more !== undefined) return more
        more = readFrom(start)
        written = more.length
        for (const [i, facts] of more.entries()) moreNumbers.set(facts, start + i)
        return more
      }
      return {
        factsOf: (number) => known[number] ?? beyond()[number - start] ?? missing(),
        numberOf(facts) {
          const number = numbers.get(facts)
          if (number !== undefined) return number
          const added = beyond()
          const its = moreNumbers.get(facts) ?? start + added.length
          if (its === start + added.length) {
            added.push(facts)
            moreNumbers.set(facts, its)
          }
          return its
        },
        write() {
          more?.slice(written).forEach((facts, i) => {
            void db.put(factsKey(start + written + i), Buffer.from(factsToText(facts)))
          })
        },
      }
    },
  }
}

function missing(): never {
  throw damaged(FACTS.what)
}
