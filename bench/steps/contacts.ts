/**
 * What does contact policy cost the judging step, and how does that grow? A dozen policies with consent, quiet hours and
 * wishes over histories of several lengths, against the same actions without any of it, interleaved, with the refusals
 * checked before anything is timed and again while it is.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { makeAdmission } from '../../src/decide/admission.ts'
import { judge } from '../../src/decide/judge/judge.ts'
import type { Candidate } from '../../src/domain/candidate.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import type { ReasonCode } from '../../src/domain/reason.ts'
import type { Situation } from '../../src/domain/situation.ts'
import { type Block, interleave, perDecision, takingTurns, workDone } from '../measuring/interleave.ts'
import { median } from '../measuring/statistics.ts'
import {
  contactDocument,
  LEDGERS,
  type LedgerKind,
  LONG_CAP,
  ledgerOf,
  STRANGER,
  storedOf,
} from './contact-set.ts'
import { type Case, type Cell, type Explained, report } from './contacts-report.ts'
import { built, gathered, judgeAll, NOW } from './situation.ts'

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, help: { type: 'boolean' } },
})
if (options.help) {
  console.log('node --import tsx bench/steps/contacts.ts [--rounds 7]   (at least 7; about a minute)')
  process.exit(0)
}
const ROUNDS = Number(options.rounds)
const SIZES = [100, 1000, 10_000] as const
const CUSTOMERS = 64
/** Decisions in one block: every round takes other customers, but for the smallest, which takes all. */
const IN_BLOCK: Readonly<Record<number, number>> = { 100: 64, 1000: 16, 10000: 8 }
/** Milliseconds of one measurement: so long that who shares the machine disturbs all alike. */
const AT_LEAST = 40
/** Changes are worked out for one catalogue and some customers, each time the same. */
const EXPLAINED = { count: 1000, customers: 16 }
/** 23:00 in Berlin. */
const AT_NIGHT = NOW + 13 * 3_600_000

/** Refusals that the person’s history is asked for. */
const BY_HISTORY: ReadonlySet<ReasonCode> = new Set(['capped', 'suppressed', 'pace_reached'])

interface Catalogues {
  readonly count: number
  readonly agreed: Catalogue
  /** The same actions, with nothing agreed on contacts. */
  readonly none: Catalogue
}

const loadBefore = loadavg()[0]!
console.error('building …')
const catalogues = SIZES.map(
  (count): Catalogues => ({
    count,
    agreed: built(contactDocument(count, true)),
    none: built(contactDocument(count, false)),
  }),
)
console.error('measuring …')
const cells: Cell[] = []
for (const each of catalogues) cells.push(await measure(each))
const explained = await measureExplained(catalogues.find(({ count }) => count === EXPLAINED.count)!)
report({ cells, explained, rounds: ROUNDS, loadBefore })
console.error(`(${workDone()})`)

/** All ledgers and the catalogue with nothing agreed, in turn. */
async function measure({ count, agreed, none }: Catalogues): Promise<Cell> {
  const situations = {
    none: await situationsOf(none, () => STRANGER),
    // Nobody asks for it: what a history costs by being there.
    unread: await situationsOf(none, (person) => ({
      ...STRANGER,
      ledger: ledgerOf(kindOf('long'), person, count),
    })),
    empty: await agreedSituations(agreed, kindOf('empty')),
    short: await agreedSituations(agreed, kindOf('short')),
    long: await agreedSituations(agreed, kindOf('long')),
    days: await agreedSituations(agreed, kindOf('days')),
  }
  const found = mapped(situations, refusalsOf)
  verify(count, found)
  const size = IN_BLOCK[count]!
  const blocks = mapped(situations, (all, name) =>
    takingTurns(
      size,
      CUSTOMERS,
      checked((person) => judgeAll(all[person]!), found[name].permitted),
    ),
  )
  const times = perDecision(interleave(blocks, ROUNDS, AT_LEAST), size)
  tell(count, times)
  return { count, refused: mapped(found, ({ refused, byHistory }) => ({ refused, byHistory })), times }
}

function kindOf(id: LedgerKind['id']): LedgerKind {
  return LEDGERS.find((kind) => kind.id === id)!
}

function agreedSituations(catalogue: Catalogue, kind: LedgerKind, contactAt = NOW): Promise<Situation[]> {
  const count = catalogue.actions.length
  return situationsOf(catalogue, (person) => storedOf(person, ledgerOf(kind, person, count)), contactAt)
}

/** Customers who are written an e-mail. */
function situationsOf(
  catalogue: Catalogue,
  stored: (person: number) => ReturnType<typeof storedOf>,
  contactAt = NOW,
): Promise<Situation[]> {
  return Promise.all(
    Array.from({ length: CUSTOMERS }, (_, person) =>
      gathered({
        catalogue,
        stored: stored(person),
        asked: {
          customer: `c-${person}`,
          channel: 'email',
          placement: 'mail',
          address: `c-${person}@example.org`,
          contactAt,
        },
      }),
    ),
  )
}

function mapped<Name extends string, From, To>(
  values: Readonly<Record<Name, From>>,
  of: (value: From, name: Name) => To,
): Record<Name, To> {
  const entries = Object.entries<From>(values).map(([name, value]) => [name, of(value, name as Name)])
  return Object.fromEntries(entries) as Record<Name, To>
}

/** What became of all candidates of all customers. */
interface Refusals {
  /** By customer: how many candidates. */
  readonly permitted: readonly number[]
  /** Shares of the candidates. */
  readonly refused: number
  readonly byHistory: number
  /** How often each of them refused. */
  readonly codes: ReadonlyMap<ReasonCode, number>
  /** Refusals by the long cap that tell that a part is known by the day only. */
  readonly roughly: number
}

function refusalsOf(all: readonly Situation[]): Refusals {
  const permitted: number[] = []
  const codes = new Map<ReasonCode, number>()
  let [candidates, refused, byHistory, roughly] = [0, 0, 0, 0]
  for (const situation of all) {
    const judged = judge(situation)
    const out = judged.filter(({ refusals }) => refusals.length > 0)
    permitted.push(judged.length - out.length)
    candidates += judged.length
    refused += out.length
    for (const { refusals } of out) {
      if (refusals.some(({ code }) => BY_HISTORY.has(code))) byHistory++
      for (const { code, values } of refusals) {
        codes.set(code, (codes.get(code) ?? 0) + 1)
        if (values.policy === LONG_CAP && isByDay(values.roughly)) roughly++
      }
    }
  }
  return { permitted, refused: refused / candidates, byHistory: byHistory / candidates, codes, roughly }
}

function isByDay(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'phrase' in value && value.phrase === 'by_day'
}

/** What the numbers of the table are worth: nobody is refused without a cause, and every cause is there. */
function verify(count: number, found: Readonly<Record<Case, Refusals>>): void {
  const must = (is: boolean, what: string) => {
    if (!is) throw new Error(`${count} candidates: ${what}`)
  }
  must(found.none.refused === 0, 'refused although nothing is agreed')
  must(found.unread.refused === 0, 'refused by a history that no policy counts')
  must(found.empty.byHistory === 0, 'refused by a history of nothing')
  must(found.empty.codes.has('consent_refused'), 'nobody refused advertising')
  for (const name of ['short', 'long', 'days'] as const) {
    const { codes, permitted, roughly } = found[name]
    for (const code of BY_HISTORY) must(codes.has(code), `${name}: nothing is ${code}`)
    must(
      permitted.some((some) => some > count / 2),
      `${name}: nobody is permitted most of them`,
    )
    must(roughly > 0 === (name === 'days'), `${name}: ${roughly} refusals by days under ${LONG_CAP}`)
  }
}

/** Work that has to come to the same each time. */
function checked(work: (person: number) => number, expected: readonly number[]) {
  return (person: number): number => {
    const done = work(person)
    if (done !== expected[person])
      throw new Error(`customer ${person}: ${done} instead of ${expected[person]}`)
    return done
  }
}

function tell(what: number | string, times: Readonly<Record<string, readonly number[]>>): void {
  const each = Object.entries(times).map(([name, all]) => `${name} ${median(all).toFixed(1)}`)
  console.error(`${what}: ${each.join(', ')} µs`)
}

/** What an answer that explains costs beside its judging, and what tells when nothing can be sent now. */
async function measureExplained({ agreed }: Catalogues): Promise<Explained[]> {
  const cases = [
    { name: '20 contacts, at 10:00', kind: kindOf('short'), at: NOW },
    { name: '500 contacts, at 10:00', kind: kindOf('long'), at: NOW },
    { name: '20 contacts, at 23:00, in quiet hours', kind: kindOf('short'), at: AT_NIGHT },
  ]
  const all: Explained[] = []
  for (const { name, kind, at } of cases) {
    const situations = await agreedSituations(agreed, kind, at)
    all.push({ name, ...explain(name, situations) })
  }
  return all
}

function explain(name: string, situations: readonly Situation[]): Omit<Explained, 'name'> {
  const { customers } = EXPLAINED
  const refused = situations.slice(0, customers).map(refusedOf)
  const changes = refused.map((candidates, person) => changesOf(candidates, situations[person]!).length)
  refused.forEach((candidates, person) => {
    verifyChanges(candidates, situations[person]!)
  })
  const permitted = refused.map(({ length }) => EXPLAINED.count - length)
  const inTurn = (work: (person: number) => number): Block => takingTurns(customers, customers, work)
  const blocks = {
    judge: inTurn(checked((person) => judgeAll(situations[person]!), permitted)),
    changes: inTurn(checked((person) => changesOf(refused[person]!, situations[person]!).length, changes)),
    earliest: inTurn((person) => makeAdmission(situations[person]!).earliest(refused[person]!) ?? 0),
  }
  const times = perDecision(interleave(blocks, ROUNDS), customers)
  tell(name, times)
  return {
    refused: refused.flat().length / (EXPLAINED.count * customers),
    changes: sum(changes) / customers,
    times,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}

function refusedOf(situation: Situation): Candidate[] {
  return judge(situation)
    .filter(({ refusals }) => refusals.length > 0)
    .map((candidate) => ({ ...candidate, propensity: null, evidence: 0 }))
}

/** As an answer that explains asks for them. */
function changesOf(candidates: readonly Candidate[], situation: Situation) {
  const admission = makeAdmission(situation)
  return candidates.flatMap((candidate) => admission.changes(candidate))
}

/** Each moment that is told admits, as judging itself says. */
function verifyChanges(candidates: readonly Candidate[], situation: Situation): void {
  const admission = makeAdmission(situation)
  const permittedAt = new Map<number, ReadonlySet<string>>()
  for (const candidate of candidates) {
    const time = admission.changes(candidate).find(({ kind }) => kind === 'time')
    if (time?.kind !== 'time') continue
    const permitted = permittedAt.get(time.from) ?? permittedFrom({ ...situation, contactAt: time.from })
    permittedAt.set(time.from, permitted)
    if (!permitted.has(candidate.action.id))
      throw new Error(`${candidate.action.id} is not permitted from ${new Date(time.from).toISOString()} on`)
  }
}

function permittedFrom(situation: Situation): ReadonlySet<string> {
  const permitted = judge(situation).filter(({ refusals }) => refusals.length === 0)
  return new Set(permitted.map(({ action }) => action.id))
}
