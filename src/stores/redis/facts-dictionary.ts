import type { ContactFacts } from '../../domain/contact.ts'
import { FACTS, factsFromBytes, factsToText, makeFactNumbering } from '../fact-records.ts'
import type { FactNumbers } from '../person-codec.ts'
import { damaged } from '../records.ts'
import { bytesOfAll, READ, WRITE } from './calls.ts'
import type { Link } from './link.ts'
import type { Reply, Script } from './link-command.ts'
import { META } from './meta-keys.ts'

/**
 * The dictionary; how many entries the caller knows, the last of them, and what it needs beside. Answers with the entries
 * after those that the caller knows, with its own among them; with their number when there are fewer; with -1 when they
 * are others.
 */
const APPEND: Script = {
  name: 'append-facts',
  source: `
    local known = tonumber(ARGV[1])
    local size = redis.call('LLEN', KEYS[1])
    if size < known then return size end
    if known > 0 and redis.call('LINDEX', KEYS[1], known - 1) ~= ARGV[2] then return -1 end
    local more = redis.call('LRANGE', KEYS[1], known, -1)
    local there = {}
    for _, facts in ipairs(more) do there[facts] = true end
    for i = 3, #ARGV do
      if not there[ARGV[i]] then
        redis.call('RPUSH', KEYS[1], ARGV[i])
        there[ARGV[i]] = true
        more[#more + 1] = ARGV[i]
      end
    end
    return more`,
}

/** A number that this process has not read yet. */
class UnknownNumber extends Error {}

export interface FactsDictionary {
  /** Does work that meets numbers; reads what is new in the dictionary when one of them is. */
  reading<T>(work: (numbers: Pick<FactNumbers, 'factsOf'>) => T): Promise<T>
  /** Does work that needs the numbers of these facts; gives numbers to those that have none. */
  writing<T>(wanted: readonly ContactFacts[], work: (numbers: Pick<FactNumbers, 'numberOf'>) => T): Promise<T>
}

/**
 * What contacts are about, numbered from 0 and never changed. Each process reads the dictionary once, and what is new in
 * it when it meets a number or facts that it does not know.
 */
export function makeFactsDictionary(link: Link): FactsDictionary {
  const known: ContactFacts[] = []
  const texts: string[] = []
  const numbers = makeFactNumbering()

  /** Entries from a place on; what others have read meanwhile is compared, not read twice. */
  const learn = (start: number, entries: readonly Buffer[]): void => {
    for (const [i, bytes] of entries.entries()) {
      const number = start + i
      const text = bytes.toString()
      if (number < known.length) {
        if (texts[number] !== text) throw damaged(FACTS.what)
        continue
      }
      const facts = factsFromBytes(bytes)
      numbers.set(facts, number)
      known.push(facts)
      texts.push(text)
    }
  }

  const append = (start: number, wanted: readonly string[]): Promise<Reply> =>
    link.run(APPEND, [META.facts], [start, texts[start - 1] ?? '', ...wanted], WRITE)

  const addMissing = async (missing: readonly string[]): Promise<void> => {
    let start = known.length
    let reply = await append(start, missing)
    if (typeof reply === 'number' && reply >= 0 && reply < start) {
      // A failover has lost the end of it: ledgers hold its numbers, so it must become again what it was.
      start = reply
      reply = await append(start, [...texts.slice(start), ...missing])
    }
    if (typeof reply === 'number') throw damaged(FACTS.what)
    learn(start, bytesOfAll(reply))
  }

  return {
    async reading(work) {
      const factsOf = (number: number) => {
        const facts = known[number]
        if (facts === undefined) throw new UnknownNumber()
        return facts
      }
      try {
        return work({ factsOf })
      } catch (error) {
        if (!(error instanceof UnknownNumber)) throw error
      }
      const start = known.length
      const [more] = await link.send(META.facts, [['LRANGE', META.facts, start, -1]], READ)
      learn(start, bytesOfAll(more))
      return work({ factsOf: (number) => known[number] ?? missingFacts() })
    },
    async writing(wanted, work) {
      const missing = new Set<string>()
      for (const facts of wanted) if (numbers.get(facts) === undefined) missing.add(factsToText(facts))
      if (missing.size > 0) await addMissing([...missing])
      return work({ numberOf: (facts) => numbers.get(facts) ?? missingFacts() })
    },
  }
}

function missingFacts(): never {
  throw damaged(FACTS.what)
}
