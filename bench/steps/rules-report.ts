import { figure, loadText, percent, publish, spread } from '../measuring/figures.ts'
import type { Table } from '../measuring/results-page.ts'
import { median, ratio } from '../measuring/statistics.ts'
import type { Kind } from './rule-sets.ts'

/** Microseconds per decision, by round. */
type Times<Name extends string> = Readonly<Record<Name, readonly number[]>>

export interface Cell {
  readonly kind: Kind
  readonly count: number
  readonly held: number
  readonly otherCountry: number
  readonly times: Times<
    'emma' | 'library' | 'other' | 'hand' | 'judge' | 'judgeLibrary' | 'judgeKnown' | 'judgeNone'
  >
}

export interface Beside {
  readonly missing: {
    readonly undecided: number
    readonly times: Times<'emma' | 'library' | 'untraced' | 'other'>
  }
  /** Per rule. */
  readonly compile: Times<'emma' | 'library' | 'other'>
  /** Milliseconds. */
  readonly build: { readonly read: number; readonly build: number }
  readonly rounds: number
  /** Load average before. */
  readonly loadBefore: number
}

const NAMES: Readonly<Record<Kind, string>> = {
  own: 'own rules',
  candidate: 'rules about the candidate',
  shared: 'a rule per group of 25',
  countries: 'own rules, ten countries',
}

export function report(cells: readonly Cell[], beside: Beside): void {
  const tables = [
    rulesTable(cells, beside.rounds),
    ratiosTable(cells),
    judgingTable(cells),
    growthTable(cells),
    missingTable(beside),
    compileTable(beside),
  ]
  publish('steps-rules', {
    title: 'Rules: what they cost a decision',
    question: 'What do rules cost a decision, and how does that grow?',
    command: 'node --import tsx bench/steps/rules.ts',
    tables,
    text: textOf(cells, beside),
  })
}

const nameOf = ({ kind, count }: Cell) => `${NAMES[kind]}, ${count.toLocaleString('en')} actions`

function rulesTable(cells: readonly Cell[], rounds: number): Table {
  return {
    caption: `Evaluation of the rules alone: µs per decision, medians of ${rounds} interleaved rounds`,
    columns: [
      'catalogue',
      'of which hold',
      'Emma’s closures',
      '@marcbachmann/cel-js',
      '@bufbuild/cel',
      'by hand in JavaScript',
    ],
    rows: cells.map((cell) => [
      nameOf(cell),
      percent(cell.held),
      ...[cell.times.emma, cell.times.library, cell.times.other, cell.times.hand].map(figure),
    ]),
  }
}

function ratiosTable(cells: readonly Cell[]): Table {
  return {
    caption: 'Ratios, round by round: median (least to most)',
    columns: [
      'catalogue',
      'cel-js / Emma',
      '@bufbuild/cel / Emma',
      'Emma / by hand',
      'whole judging step with cel-js / with Emma’s closures',
    ],
    rows: cells.map((cell) => [
      nameOf(cell),
      ...[
        ratio(cell.times.library, cell.times.emma),
        ratio(cell.times.other, cell.times.emma),
        ratio(cell.times.emma, cell.times.hand),
        ratio(cell.times.judgeLibrary, cell.times.judge),
      ].map(spread),
    ]),
  }
}

function judgingTable(cells: readonly Cell[]): Table {
  return {
    caption:
      'The whole judging step: µs per decision. “Outcomes known” looks every outcome up: what no index over rules can do better',
    columns: [
      'catalogue',
      'judging step',
      'with cel-js',
      'with outcomes known',
      'with no rules',
      'an index saves at most',
    ],
    rows: cells.map((cell) => [
      nameOf(cell),
      ...[cell.times.judge, cell.times.judgeLibrary, cell.times.judgeKnown, cell.times.judgeNone].map(figure),
      percent(1 - ratio(cell.times.judgeKnown, cell.times.judge).median),
    ]),
  }
}

const STEPS = [
  [100, 1000],
  [1000, 10_000],
] as const
const GROWING = ['emma', 'library', 'hand', 'judge', 'judgeKnown'] as const

function growthTable(cells: readonly Cell[]): Table {
  const kinds = [...new Set(cells.filter(({ count }) => count === 100).map(({ kind }) => kind))]
  return {
    caption: 'Growth: how many times the median grows for ten times the actions',
    columns: [
      'catalogue',
      'Emma’s closures',
      'cel-js',
      'by hand',
      'judging step',
      'judging step, outcomes known',
    ],
    rows: kinds.flatMap((kind) =>
      STEPS.map(([from, to]) => [
        `${NAMES[kind]}, ${from.toLocaleString('en')} to ${to.toLocaleString('en')}`,
        ...GROWING.map((name) => growth(cells, kind, name, from, to).toFixed(1)),
      ]),
    ),
  }
}

function growth(
  cells: readonly Cell[],
  kind: Kind,
  name: keyof Cell['times'],
  from: number,
  to: number,
): number {
  const at = (count: number) => median(cellOf(cells, kind, count).times[name])
  return at(to) / at(from)
}

function cellOf(cells: readonly Cell[], kind: Kind, count: number): Cell {
  return cells.find((cell) => cell.kind === kind && cell.count === count)!
}

function missingTable({ missing: { times, undecided } }: Beside): Table {
  const row = (name: string, each: readonly number[]) => [name, figure(each), spread(ratio(each, times.emma))]
  return {
    caption: `Missing data: own rules, 1,000 actions, nobody’s age is known, ${percent(undecided)} of the rules end undecided`,
    columns: ['rules by', 'µs per decision', 'ratio to Emma’s closures: median (least to most)'],
    rows: [
      row('Emma’s closures', times.emma),
      row('@marcbachmann/cel-js, which throws', times.library),
      row('the same without stack traces', times.untraced),
      row('@bufbuild/cel', times.other),
    ],
  }
}

function compileTable({ compile: { emma, library, other } }: Beside): Table {
  const row = (name: string, each: readonly number[]) => [name, figure(each), spread(ratio(each, emma))]
  return {
    caption: 'Compiling one rule',
    columns: ['by', 'µs per rule', 'ratio to Emma: median (least to most)'],
    rows: [
      row('Emma: cel-js parses; names, types and costs checked; closures', emma),
      row('@marcbachmann/cel-js: parse and check', library),
      row('@bufbuild/cel: parse and plan', other),
    ],
  }
}

function textOf(cells: readonly Cell[], beside: Beside): string[] {
  const { read, build } = beside.build
  return [
    'Each action has a condition of three clauses with literals of its own: `customer.country == "DE" && customer.age >= 18.0 && features.returns_rate < 0.6`, or `live.stock > 7.0 && action.price <= context.budget && customer.clubMember`, or its group’s. 64 customers in turn. All four engines gave the same outcome for every rule and customer before anything was timed. Evaluation includes making a context for each candidate where rules ask for one, and reading a feature by its name. Both libraries are used as well as we know how: parsed and checked once, types declared, one set of bindings that reads on demand.',
    verdictOf(cells, beside),
    growthText(cells),
    indexText(cells),
    `A catalogue of 10,000 actions with a rule each takes ${read.toFixed(0)} ms to be read as a document with places (JSON here) and ${build.toFixed(0)} ms to be built, off the path of decisions.`,
    loadText(beside.loadBefore),
  ]
}

function verdictOf(cells: readonly Cell[], { missing }: Beside): string {
  const of = (above: 'library' | 'judgeLibrary', below: 'emma' | 'judge', some: readonly Cell[]) =>
    range(some.map(({ times }) => ratio(times[above], times[below]).median))
  const alone = of('library', 'emma', cells)
  const shared = cells.filter(({ kind }) => kind === 'shared')
  const whole = of(
    'judgeLibrary',
    'judge',
    cells.filter(({ kind }) => kind !== 'shared'),
  )
  const thrown = ratio(missing.times.library, missing.times.emma).median.toFixed(0)
  const untraced = ratio(missing.times.untraced, missing.times.emma).median.toFixed(0)
  const stays = alone[0] > 1.5
  return `cel-js takes ${between(alone)} times as long as the closures for the rules alone. With it the whole judging step takes ${between(whole)} times as long where actions have rules of their own, and ${between(of('judgeLibrary', 'judge', shared))} times where groups share them. Where data are missing it throws, and takes ${thrown} times as long (${untraced} times without stack traces). ${
    stays
      ? 'The closures stay because of this, and because of missing data above all: no customer’s empty profile may make a decision many times as dear. With complete data the library is a few times slower and no more; if nobody lacked anything, it would do for small catalogues.'
      : 'With complete data the closures do not earn their place by speed; with missing data they do.'
  }`
}

function range(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)]
}

function between([least, most]: readonly [number, number]): string {
  return `${least.toFixed(1)} to ${most.toFixed(1)}`
}

function growthText(cells: readonly Cell[]): string {
  const rules = growth(cells, 'own', 'emma', 1000, 10_000)
  const judging = growth(cells, 'own', 'judge', 1000, 10_000)
  const known = growth(cells, 'own', 'judgeKnown', 1000, 10_000)
  const hand = growth(cells, 'own', 'hand', 1000, 10_000)
  const grounds =
    rules > 15
      ? 'The closures grow more than in proportion, though the same code runs: what differs is the memory they lie in, some kilobytes for each rule, which outgrows the processor’s nearest caches. That is the closures’ to mend.'
      : 'That is about in proportion.'
  return `With ten times the actions, 10,000 instead of 1,000 with a rule each, the closures take ${rules.toFixed(0)} times as long, conditions written by hand ${hand.toFixed(0)} times, the judging step ${judging.toFixed(0)} times, and ${known.toFixed(0)} times with outcomes known. ${grounds}`
}

function indexText(cells: readonly Cell[]): string {
  const at = (kind: Kind) => {
    const { times, otherCountry } = cellOf(cells, kind, 10_000)
    const all = 1 - ratio(times.judgeKnown, times.judge).median
    return { all, settled: otherCountry, most: all * otherCountry }
  }
  const german = at('own')
  const everywhere = at('countries')
  return `Would an index over equality terms such as customer.country == "DE" pay? It settles the rules that name another country: ${percent(german.settled)} in the German shop, ${percent(everywhere.settled)} in one with ten countries alike. Knowing all outcomes of 10,000 rules for nothing would save ${percent(german.all)} and ${percent(everywhere.all)} of the judging step; so such an index saves about ${percent(german.most)} and ${percent(everywhere.most)} at most, because the rules it settles are the cheapest: they end at their first clause. ${
    german.most > 0.25
      ? 'That is worth a trial.'
      : 'It does not pay for the common catalogue. Closures that are cheaper to walk help every rule; only then is it worth asking again for catalogues of many countries.'
  }`
}
