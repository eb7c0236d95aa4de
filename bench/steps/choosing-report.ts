import { figure, loadText, publish, spread } from '../measuring/figures.ts'
import type { Table } from '../measuring/results-page.ts'
import { median, ratio } from '../measuring/statistics.ts'

export const STEPS = ['judge', 'scores', 'weigh', 'choose and fill', 'conclude'] as const
export type Step = (typeof STEPS)[number]
export const WAY_NAMES = [
  'greedy',
  'epsilon',
  'epsilon, an even day',
  'softmax',
  'thompson',
  'random arm',
  'holdout',
  'levers on half',
  'explained in full',
] as const
export type Way = (typeof WAY_NAMES)[number]

export interface Cell {
  readonly count: number
  /** Actions that the model is asked for, on average. */
  readonly asked: number
  /** Of them above their threshold. */
  readonly permitted: number
  /** Microseconds per decision, by round. */
  readonly times: Readonly<Record<Step | Way, readonly number[]>>
}

/** What the whole core of a thousand actions may take. */
const GOAL_US = 1500

export function report(cells: readonly Cell[], run: { rounds: number; loadBefore: number }): void {
  publish('steps-choosing', {
    title: 'Choosing: what the pure core costs',
    question:
      'What does each step from a gathered situation to a concluded decision cost, and each way to choose?',
    command: 'node --import tsx bench/steps/choosing.ts',
    tables: [stepsTable(cells, run.rounds), waysTable(cells), growthTable(cells)],
    text: textOf(cells, run.loadBefore),
  })
}

const nameOf = ({ count }: Cell) => count.toLocaleString('en')

function stepsTable(cells: readonly Cell[], rounds: number): Table {
  return {
    caption: `The whole core and each step in it: µs per decision, medians of ${rounds} rounds; exploration as it is where nothing is written`,
    columns: ['actions', 'scored', 'permitted', ...STEPS, 'whole core'],
    rows: cells.map((cell) => [
      nameOf(cell),
      Math.round(cell.asked),
      Math.round(cell.permitted),
      ...STEPS.map((step) => figure(cell.times[step])),
      figure(cell.times.epsilon),
    ]),
  }
}

function waysTable(cells: readonly Cell[]): Table {
  const others = WAY_NAMES.filter((way) => way !== 'greedy')
  return {
    caption:
      'The whole core by other ways to choose, as a ratio to greedy: round by round, median (least to most)',
    columns: ['actions', 'greedy, µs', ...others],
    rows: cells.map((cell) => [
      nameOf(cell),
      figure(cell.times.greedy),
      ...others.map((way) => spread(ratio(cell.times[way], cell.times.greedy))),
    ]),
  }
}

function growthTable(cells: readonly Cell[]): Table {
  const columns = [...STEPS, 'epsilon', 'softmax', 'thompson'] as const
  return {
    caption: 'Growth: how many times the median grows for ten times the actions',
    columns: ['actions', ...columns],
    rows: cells
      .slice(1)
      .map((cell, i) => [
        `${nameOf(cells[i]!)} to ${nameOf(cell)}`,
        ...columns.map((name) => (median(cell.times[name]) / median(cells[i]!.times[name])).toFixed(1)),
      ]),
  }
}

function textOf(cells: readonly Cell[], loadBefore: number): string[] {
  const thousand = cells.find(({ count }) => count === 1000)!
  const whole = median(thousand.times.epsilon)
  const heaviest = STEPS.reduce((a, b) => (median(thousand.times[a]) >= median(thousand.times[b]) ? a : b))
  const share = Math.round((100 * median(thousand.times[heaviest])) / whole)
  const met = whole < GOAL_US ? 'below' : 'above'
  return [
    'One placement, three slots; every action has a three-clause rule of its own and a minimum propensity, and is in one of 23 groups of which a slate shows one each. Propensities and evidence are given as a model would, so no model is asked. 64 customers in turn; who begins changes from round to round.',
    `The whole core for 1,000 actions takes ${Math.round(whole).toLocaleString('en')} µs, ${met} the ${GOAL_US.toLocaleString('en')} µs that it may. Most of it is the step “${heaviest}”, ${share} %.`,
    'An even day draws every slot by lot; thompson works out for every slot who may be the best; the holdout chooses twice; levers add a choice without them; an answer that explains tells how every candidate ended, and adds the choice that the customer would like best.',
    loadText(loadBefore),
  ]
}
