/**
 * What does each step of the pure core cost, and what does each way to choose? From a gathered situation with the scores
 * given to a concluded decision, at 100, 1,000 and 10,000 actions.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { conclude } from '../../src/decide/conclude.ts'
import { fillSlates } from '../../src/decide/fill.ts'
import { judge } from '../../src/decide/judge/judge.ts'
import { positionsOf, withScores } from '../../src/decide/propensity.ts'
import { weigh } from '../../src/decide/weigh.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'
import type { DecisionId } from '../../src/domain/ids.ts'
import { EMPTY_PROFILE, NOTHING_STORED } from '../../src/domain/profile.ts'
import type { Situation } from '../../src/domain/situation.ts'
import { createRandom } from '../../src/sample/random.ts'
import { median } from '../measuring/statistics.ts'
import { type Cell, report, STEPS, type Step, WAY_NAMES, type Way } from './choosing-report.ts'
import { FEATURES, people, ruleSet } from './rule-sets.ts'
import { built, gathered } from './situation.ts'

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, help: { type: 'boolean' } },
})
if (options.help) {
  console.log('node --import tsx bench/steps/choosing.ts [--rounds 10]   (at least 7; about a minute)')
  process.exit(0)
}
const ROUNDS = Number(options.rounds)
const SIZES = [100, 1000, 10_000] as const
const CUSTOMERS = 64
/** Decisions that are timed together: every round takes other customers. */
const IN_BLOCK: Readonly<Record<number, number>> = { 100: 64, 1000: 32, 10000: 4 }

/** Naming a decision is the store’s business. */
const NAME = 'b0000-00000000-0000-7000-8000-000000000000' as DecisionId
/** Below and above every share of even days. */
const [EVEN_DAY, OTHER_DAY] = ['0'.repeat(64), 'f'.repeat(64)]

const loadBefore = loadavg()[0]!
console.error('building and measuring …')
const cells: Cell[] = []
for (const count of SIZES) cells.push(await measure(count))
report(cells, { rounds: ROUNDS, loadBefore })

async function measure(count: number): Promise<Cell> {
  const scores = scoresOf(count)
  const ways = await waysOf(count)
  const size = IN_BLOCK[count]!
  const times = Object.fromEntries([...WAY_NAMES, ...STEPS].map((name) => [name, [] as number[]])) as Record<
    Way | Step,
    number[]
  >
  for (const way of WAY_NAMES) runBlock(ways[way], 0, 2 * size, scores)
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < WAY_NAMES.length; i++) {
      const way = WAY_NAMES[(i + round) % WAY_NAMES.length]!
      const { whole, steps } = runBlock(ways[way], round * size, size, scores)
      times[way].push(whole)
      if (way === 'epsilon') for (const step of STEPS) times[step].push(steps[step])
    }
  }
  const all = Object.entries(times).map(([name, each]) => `${name} ${median(each).toFixed(0)}`)
  console.error(`${count}: ${all.join(', ')} µs`)
  return { count, ...countsOf(ways.epsilon, scores), times }
}

/** Microseconds per decision, of the whole and of each step in it. */
function runBlock(situations: readonly Situation[], from: number, size: number, scores: Scoring) {
  const steps = Object.fromEntries(STEPS.map((step) => [step, 0])) as Record<Step, number>
  const begun = process.hrtime.bigint()
  for (let i = 0; i < size; i++) {
    let last = process.hrtime.bigint()
    core(situations[(from + i) % situations.length]!, scores, (step) => {
      const now = process.hrtime.bigint()
      steps[step] += Number(now - last) / size / 1000
      last = now
    })
  }
  return { whole: Number(process.hrtime.bigint() - begun) / size / 1000, steps }
}

/** The whole pure core, with the scores given. */
function core(situation: Situation, scores: Scoring, done: (step: Step) => void): void {
  const judged = judge(situation)
  done('judge')
  const positions = positionsOf(judged, situation.catalogue)
  const scored = withScores(judged, positions, scores(positions), situation, false)
  done('scores')
  const weighed = weigh(scored, situation)
  done('weigh')
  const filled = fillSlates(weighed, situation)
  done('choose and fill')
  const { slates } = conclude(NAME, situation, { model: 'given', degraded: [] }, filled)
  done('conclude')
  if (slates.length !== 1) throw new Error('one slate was asked for')
}

/** The same customers in every way to choose. */
async function waysOf(count: number): Promise<Record<Way, readonly Situation[]>> {
  const plain = await situationsOf(catalogueOf(count, 0))
  const pushed = await situationsOf(catalogueOf(count, 10))
  const with_ = (more: Partial<Situation>) => plain.map((one): Situation => ({ ...one, ...more }))
  const exploring = (method: Catalogue['exploration']['method'], temperature = 1) =>
    plain.map((one): Situation => {
      const exploration = { method, temperature, epsilon: method === 'greedy' ? 0 : 0.03 }
      return { ...one, catalogue: { ...one.catalogue, exploration } }
    })
  return {
    greedy: exploring('greedy'),
    epsilon: plain,
    'epsilon, an even day': plain.map((one) => ({ ...one, seeds: { ...one.seeds, day: EVEN_DAY } })),
    softmax: exploring('softmax', 0.5),
    thompson: exploring('thompson'),
    'random arm': with_({ arm: 'random' }),
    holdout: with_({ arm: 'holdout' }),
    'levers on half': pushed,
    'explained in full': plain.map((one) => ({ ...one, request: { ...one.request, explain: 'full' } })),
  }
}

/** @param lever - of every second group */
function catalogueOf(count: number, lever: number): Catalogue {
  const set = ruleSet('own', count)
  const actions = (set.document as { actions: object[] }).actions.map((action, i) => ({
    ...action,
    minPropensity: 0.005,
    group: `g-${i % 23}`,
  }))
  const groups = Array.from({ length: 23 }, (_, i) => ({
    id: `g-${i}`,
    maxPerSlate: 1,
    lever: i % 2 === 0 ? lever : 0,
  }))
  return built({ ...set.document, actions, groups }, new Set(FEATURES.indexOf.keys()))
}

function situationsOf(catalogue: Catalogue): Promise<Situation[]> {
  return Promise.all(
    people(CUSTOMERS, 'german').map(async ({ attributes, budget, vector }, i) => {
      const profile = { ...EMPTY_PROFILE, attributes }
      const stored = { ...NOTHING_STORED, profile, featureSet: FEATURES, vector }
      const asked = { customer: `c-${i}`, channel: 'web', placement: 'hero', context: { budget } }
      const situation = await gathered({ catalogue, stored, asked })
      return { ...situation, seeds: { ...situation.seeds, day: OTHER_DAY } }
    }),
  )
}

type Scoring = ReturnType<typeof scoresOf>

/** What a model would have said: most propensities are small, and evidence runs from none to a hundred thousand. */
function scoresOf(count: number) {
  const random = createRandom(20_261_128, 5)
  const propensity = Float32Array.from(
    { length: count },
    () => 0.001 + 0.1 * (random.below(10_000) / 10_000) ** 3,
  )
  const evidence = Float64Array.from(
    { length: count },
    () => Math.floor(10 ** (random.below(5000) / 1000)) - 1,
  )
  return (positions: readonly number[]) => ({
    propensity: Float32Array.from(positions, (position) => propensity[position]!),
    evidence: Float64Array.from(positions, (position) => evidence[position]!),
  })
}

/** How many actions a model is asked for on average, and how many of them are permitted then. */
function countsOf(situations: readonly Situation[], scores: Scoring) {
  let [asked, permitted] = [0, 0]
  for (const situation of situations) {
    const judged = judge(situation)
    const positions = positionsOf(judged, situation.catalogue)
    const scored = withScores(judged, positions, scores(positions), situation, false)
    asked += positions.length / situations.length
    permitted += scored.filter(({ refusals }) => refusals.length === 0).length / situations.length
  }
  return { asked, permitted }
}
