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
import type { Arm } from '../../src/domain/experiment.ts'
import type { DecisionId } from '../../src/domain/ids.ts'
import { EMPTY_PROFILE, NOTHING_STORED } from '../../src/domain/profile.ts'
import type { Situation } from '../../src/domain/situation.ts'
import { createRandom } from '../../src/sample/random.ts'
import { type Cell, report, type Step, type Way } from './choosing-report.ts'
import { type Block, interleave, median, perDecision, takingTurns, workDone } from './interleave.ts'
import { FEATURES, people, ruleSet } from './rule-sets.ts'
import { built, gathered } from './situation.ts'

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, help: { type: 'boolean' } },
})
if (options.help) {
  console.log('node --import tsx bench/steps/choosing.ts [--rounds 9]   (at least 7; about a minute)')
  process.exit(0)
}
const ROUNDS = Number(options.rounds)
const SIZES = [100, 1000, 10_000] as const
const CUSTOMERS = 64
/** Decisions in one block: every round takes other customers. */
const IN_BLOCK: Readonly<Record<number, number>> = { 100: 32, 1000: 16, 10000: 4 }

/** Naming a decision is the store’s business. */
const NAME = 'b0000-00000000-0000-7000-8000-000000000000' as DecisionId

/** Ways to choose; `catalogue` is what is written for it. */
const WAYS: Readonly<Record<Way, { readonly catalogue: object; readonly arm?: Arm; readonly even?: true }>> =
  {
    greedy: { catalogue: { exploration: { method: 'greedy' } } },
    epsilon: { catalogue: {} },
    'epsilon, an even day': { catalogue: {}, even: true },
    softmax: { catalogue: { exploration: { method: 'softmax', temperature: 0.5 } } },
    thompson: { catalogue: { exploration: { method: 'thompson' } } },
    'random arm': { catalogue: {}, arm: 'random' },
    holdout: { catalogue: {}, arm: 'holdout' },
    'levers on all': { catalogue: { channels: { web: { lever: 5 } } } },
  }

interface Prepared {
  readonly situations: readonly Situation[]
  readonly run: (situation: Situation) => number
}

const loadBefore = loadavg()[0]!
console.error('building …')
const cells: Cell[] = []
for (const count of SIZES) cells.push(await measure(count))
report(cells, { rounds: ROUNDS, loadBefore })
console.error(`(${workDone()})`)

async function measure(count: number): Promise<Cell> {
  const scores = scoresOf(count)
  const ways = new Map<Way, Prepared>()
  for (const way of Object.keys(WAYS) as Way[]) ways.set(way, await prepare(way, count, scores))
  const { situations } = ways.get('epsilon')!
  const size = IN_BLOCK[count]!
  const inTurn = (work: (person: number) => number): Block => takingTurns(size, CUSTOMERS, work)

  // What every step is given was made by the one before it, outside of the clock.
  const judged = situations.map((situation) => judge(situation))
  const positions = judged.map(positionsOf)
  const scored = judged.map((all, i) =>
    withScores(all, positions[i]!, scores(positions[i]!), situations[i]!, false),
  )
  const weighed = scored.map((all, i) => weigh(all, situations[i]!))
  const filled = weighed.map((all, i) => fillSlates(all, situations[i]!))
  const steps: Record<Step, Block> = {
    judge: inTurn((i) => judge(situations[i]!).length),
    scores: inTurn(
      (i) =>
        withScores(judged[i]!, positionsOf(judged[i]!), scores(positions[i]!), situations[i]!, false).length,
    ),
    weigh: inTurn((i) => weigh(scored[i]!, situations[i]!).length),
    'choose and fill': inTurn((i) => fillSlates(weighed[i]!, situations[i]!).slates.length),
    conclude: inTurn(
      (i) => conclude(NAME, situations[i]!, { model: 'given', degraded: [] }, filled[i]!).slates.length,
    ),
  }
  const explained = situations.map((situation) => ({
    ...situation,
    request: { ...situation.request, explain: 'full' as const },
  }))
  const whole = Object.fromEntries(
    [...ways].map(([way, { situations: own, run }]) => [way, inTurn((i) => run(own[i]!))]),
  ) as Record<Way, Block>
  const run = ways.get('epsilon')!.run
  const times = perDecision(
    interleave({ ...steps, ...whole, explained: inTurn((i) => run(explained[i]!)) }, ROUNDS),
    size,
  )
  console.error(
    `${count}: ${Object.entries(times)
      .map(([name, all]) => `${name} ${median(all).toFixed(0)}`)
      .join(', ')} µs`,
  )
  const permitted = scored.reduce(
    (sum, all) => sum + all.filter(({ refusals }) => refusals.length === 0).length,
    0,
  )
  return {
    count,
    asked: sum(positions.map(({ length }) => length)) / CUSTOMERS,
    permitted: permitted / CUSTOMERS,
    times,
  }
}

async function prepare(way: Way, count: number, scores: ReturnType<typeof scoresOf>): Promise<Prepared> {
  const set = ruleSet('own', count)
  const { catalogue: more, arm, even } = WAYS[way]
  const actions = (set.document as { actions: object[] }).actions.map((action, i) => ({
    ...action,
    minPropensity: 0.005,
    group: `g-${i % 23}`,
  }))
  const groups = Array.from({ length: 23 }, (_, i) => ({ id: `g-${i}`, maxPerSlate: 1 }))
  const catalogue = built({ ...set.document, actions, groups, ...more }, new Set(FEATURES.indexOf.keys()))
  const crowd = people(CUSTOMERS, 'german')
  const situations = await Promise.all(
    crowd.map(async ({ attributes, budget, vector }, i) => {
      const stored = {
        ...NOTHING_STORED,
        profile: { ...EMPTY_PROFILE, attributes },
        featureSet: FEATURES,
        vector,
      }
      const asked = { customer: `c-${i}`, channel: 'web', placement: 'hero', context: { budget } }
      const situation = await gathered({ catalogue, stored, asked })
      const day = even ? '0'.repeat(64) : 'f'.repeat(64)
      return { ...situation, arm: arm ?? situation.arm, seeds: { ...situation.seeds, day } }
    }),
  )
  return { situations, run: (situation) => core(situation, scores) }
}

/** The whole pure core, with the scores given. */
function core(situation: Situation, scores: ReturnType<typeof scoresOf>): number {
  const judged = judge(situation)
  const positions = positionsOf(judged)
  const scored = withScores(judged, positions, scores(positions), situation, false)
  const filled = fillSlates(weigh(scored, situation), situation)
  const decision = conclude(NAME, situation, { model: 'given', degraded: [] }, filled)
  return decision.slates[0]!.items.length
}

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

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
