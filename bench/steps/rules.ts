/**
 * What do rules cost a decision, and how does that grow? Emma’s closures against two libraries and against conditions
 * written by hand, interleaved, with the outcomes compared before anything is timed.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import { RULE_ROOTS, type Rule, type RuleScope } from '../../src/domain/rule.ts'
import type { Situation } from '../../src/domain/situation.ts'
import { compileCondition } from '../../src/rules/compile-rule.ts'
import { type Block, interleave, perDecision, takingTurns, workDone } from '../measuring/interleave.ts'
import { median } from '../measuring/statistics.ts'
import {
  type Catalogues,
  cataloguesOf,
  evaluateAll,
  outcomesOf,
  situations,
  type Task,
  tasksOf,
  withRules,
} from './judged.ts'
import { parseByLibrary, parseByOther } from './library-rules.ts'
import { FEATURES, KINDS, type Kind, people, type RuleSet, ruleSet } from './rule-sets.ts'
import { type Cell, report } from './rules-report.ts'
import { judgeAll } from './situation.ts'

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, help: { type: 'boolean' } },
})
if (options.help) {
  console.log('node --import tsx bench/steps/rules.ts [--rounds 7]   (at least 7; about a minute)')
  process.exit(0)
}
const ROUNDS = Number(options.rounds)
const SIZES = [100, 1000, 10_000] as const
const CUSTOMERS = 64
/** Decisions in one block: every round takes other customers. */
const IN_BLOCK: Readonly<Record<number, number>> = { 100: 16, 1000: 16, 10000: 4 }

const ENGINES = ['emma', 'library', 'other', 'hand'] as const
type Engine = (typeof ENGINES)[number]

interface Bench {
  readonly kind: Kind
  readonly count: number
  readonly set: RuleSet
  readonly catalogues: Catalogues
  readonly situations: readonly Situation[]
  readonly tasks: Readonly<Record<Engine, readonly Task[]>>
  /** Of the rules of all decisions. */
  readonly held: number
  /** Of the rules of all decisions: those whose country is another than the customer’s. */
  readonly otherCountry: number
}

const loadBefore = loadavg()[0]!
console.error('building …')
const benches: Bench[] = []
for (const kind of KINDS) {
  for (const count of kind === 'countries' ? ([10_000] as const) : SIZES)
    benches.push(await makeBench(kind, count))
}
console.error('measuring …')
const cells = benches.map(measure)
report(cells, {
  missing: await measureMissing(),
  compile: measureCompile(),
  build: measureBuild(),
  rounds: ROUNDS,
  loadBefore,
})
console.error(`(${workDone()})`)

async function makeBench(kind: Kind, count: number): Promise<Bench> {
  const set = ruleSet(kind, count)
  const catalogues = cataloguesOf(set)
  const crowd = people(CUSTOMERS, kind === 'countries' ? 'everywhere' : 'german')
  const all = await situations(catalogues.emma, set, crowd)
  const tasks = tasksByEngine(catalogues)
  const { held, otherCountry } = verify(tasks, all, catalogues, ENGINES)
  return { kind, count, set, catalogues, situations: all, tasks, held, otherCountry }
}

function tasksByEngine(catalogues: Catalogues): Record<Engine, readonly Task[]> {
  const { emma, library, other, hand } = catalogues
  return { emma: tasksOf(emma), library: tasksOf(library), other: tasksOf(other), hand: tasksOf(hand) }
}

/**
 * Every rule for every customer: all engines must agree, and the judging step must permit alike. It is the warm-up too:
 * the engine has seen every kind of rule before the first is timed.
 */
function verify(
  tasks: Readonly<Record<Engine, readonly Task[]>>,
  all: readonly Situation[],
  catalogues: Catalogues,
  engines: readonly Engine[],
) {
  let held = 0
  let otherCountry = 0
  for (const situation of all) {
    const expected = outcomesOf(tasks.emma, situation)
    held += expected.filter((outcome) => outcome === true).length
    const country = `customer.country == "${situation.customer.attributes.country}"`
    otherCountry += tasks.emma.filter(
      ({ rule: { source } }) => source.includes('customer.country') && !source.includes(country),
    ).length
    for (const engine of engines) {
      const outcomes = outcomesOf(tasks[engine], situation)
      const at = outcomes.findIndex((outcome, i) => outcome !== expected[i])
      if (at >= 0)
        throw new Error(
          `${tasks.emma[at]!.rule.source}: Emma ${expected[at]}, ${engine} ${outcomes[at]} for ${JSON.stringify(situation.customer.attributes)}`,
        )
    }
    const permitted = judgeAll(situation)
    if (permitted !== judgeAll({ ...situation, catalogue: catalogues.library }))
      throw new Error('the judging step permits other actions with the library’s rules')
  }
  const evaluations = all.length * tasks.emma.length
  return { held: held / evaluations, otherCountry: otherCountry / evaluations }
}

function measure({ kind, count, catalogues, situations: all, tasks, held, otherCountry }: Bench): Cell {
  const size = IN_BLOCK[count]!
  const block = (work: (person: number) => number) => takingTurns(size, CUSTOMERS, work)
  const rules = (engine: Engine) => block((person) => evaluateAll(tasks[engine], all[person]!))
  const judging = (catalogue: Catalogues['emma']) => {
    const those = all.map((situation) => Object.freeze({ ...situation, catalogue }))
    return block((person) => judgeAll(those[person]!))
  }
  const times = interleave(
    {
      emma: rules('emma'),
      library: rules('library'),
      other: rules('other'),
      hand: rules('hand'),
      judge: judging(catalogues.emma),
      judgeLibrary: judging(catalogues.library),
      judgeKnown: knownJudging(catalogues, all, tasks.emma, block),
      judgeNone: judging(catalogues.none),
    },
    ROUNDS,
  )
  const cell = { kind, count, held, otherCountry, times: perDecision(times, size) }
  console.error(
    `${kind} ${count}: ${Object.entries(cell.times)
      .map(([name, each]) => `${name} ${median(each).toFixed(1)}`)
      .join(', ')} µs`,
  )
  return cell
}

/** The judging step with every outcome looked up: what no index can do better. */
function knownJudging(
  { emma }: Catalogues,
  all: readonly Situation[],
  tasks: readonly Task[],
  block: (work: (person: number) => number) => Block,
): Block {
  const outcomes = all.map((situation) =>
    Uint8Array.from(outcomesOf(tasks, situation), (outcome) => (outcome === true ? 1 : 0)),
  )
  const indexOf = new Map<Rule, number>(tasks.map(({ rule }, i) => [rule, i]))
  let current = outcomes[0]!
  const catalogue = withRules(emma, (rule) => {
    const index = indexOf.get(rule)!
    return { ...rule, evaluate: () => current[index] === 1 }
  })
  const those = all.map((situation) => Object.freeze({ ...situation, catalogue }))
  return block((person) => {
    current = outcomes[person]!
    return judgeAll(those[person]!)
  })
}

/** Nobody’s age is known; every rule asks for it. */
async function measureMissing() {
  const { catalogues, set, tasks, count } = benches.find(
    (bench) => bench.kind === 'own' && bench.count === 1000,
  )!
  const all = await situations(catalogues.emma, set, people(CUSTOMERS, 'german', false))
  verify(tasks, all, catalogues, ['emma', 'library', 'other'])
  const undecided = all
    .flatMap((situation) => outcomesOf(tasks.emma, situation))
    .filter((o) => o === 'undecided')
  const size = 4
  const rules = (engine: Engine, traces?: number): Block => {
    const block = takingTurns(size, CUSTOMERS, (person) => evaluateAll(tasks[engine], all[person]!))
    return (round) => {
      const before = Error.stackTraceLimit
      if (traces !== undefined) Error.stackTraceLimit = traces
      const done = block(round)
      Error.stackTraceLimit = before
      return done
    }
  }
  const times = interleave(
    { emma: rules('emma'), library: rules('library'), untraced: rules('library', 0), other: rules('other') },
    ROUNDS,
  )
  return { undecided: undecided.length / (count * all.length), times: perDecision(times, size) }
}

/** Microseconds per rule: text to what can be evaluated, types checked where the engine checks any. */
function measureCompile() {
  const sources = tasksOf(
    benches.find((bench) => bench.kind === 'own' && bench.count === 10_000)!.catalogues.emma,
  ).map(({ rule }) => rule.source)
  const scope: RuleScope = {
    customer: new Map([
      ['country', { type: 'string' }],
      ['age', { type: 'number' }],
      ['clubMember', { type: 'bool' }],
    ]),
    context: new Map([['budget', { type: 'number' }]]),
    features: new Set(FEATURES.indexOf.keys()),
    attributes: new Map([['price', 'number']]),
    ids: { channel: new Set(), placement: new Set(), action: new Set(), group: new Set() },
    roots: new Set(RULE_ROOTS),
  }
  const size = 100
  const compile = (one: (source: string) => unknown) => (round: number) => {
    for (let i = 0; i < size; i++) one(sources[(round * size + i) % sources.length]!)
    return size
  }
  return perDecision(
    interleave(
      {
        emma: compile((source) => compileCondition(source, scope)),
        library: compile(parseByLibrary),
        other: compile(parseByOther),
      },
      ROUNDS,
    ),
    size,
  )
}

/** A catalogue of 10,000 actions with a rule each: milliseconds to read its JSON as a document, and to build it. */
function measureBuild() {
  const text = JSON.stringify(
    benches.find(({ kind, count }) => kind === 'own' && count === 10_000)!.set.document,
  )
  const read: number[] = []
  const build: number[] = []
  for (let i = 0; i < 3; i++) {
    const begun = performance.now()
    const written = parseWritten(text, 'bench.json', 'catalogue_invalid')
    const between = performance.now()
    buildCatalogue(written, { features: new Set(FEATURES.indexOf.keys()) })
    read.push(between - begun)
    build.push(performance.now() - between)
  }
  return { read: median(read), build: median(build) }
}
