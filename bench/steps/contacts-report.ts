import { digits, figure, loadText, percent, publish, spread } from '../measuring/figures.ts'
import type { Table } from '../measuring/results-page.ts'
import { median, ratio } from '../measuring/statistics.ts'
import { LEDGERS, POLICIES } from './contact-set.ts'

/** Ledgers with everything agreed; a long one that no policy counts; and nothing at all. */
export const CASES = ['none', 'unread', 'empty', 'short', 'long', 'days'] as const
export type Case = (typeof CASES)[number]

/** Microseconds per decision, by round. */
type Times<Name extends string> = Readonly<Record<Name, readonly number[]>>

export interface Cell {
  readonly count: number
  /** Shares of the candidates: refused by anything; refused by history, whatever else refuses them. */
  readonly refused: Readonly<Record<Case, { readonly refused: number; readonly byHistory: number }>>
  readonly times: Times<Case>
}

export interface Explained {
  readonly name: string
  /** Share of the candidates. */
  readonly refused: number
  /** Per decision. */
  readonly changes: number
  readonly times: Times<'judge' | 'changes' | 'earliest'>
}

export interface Measured {
  readonly cells: readonly Cell[]
  readonly explained: readonly Explained[]
  readonly rounds: number
  /** Load average before. */
  readonly loadBefore: number
}

export function report(measured: Measured): void {
  const { cells, explained, rounds, loadBefore } = measured
  publish('steps-contacts', {
    title: 'Contact policy: what it costs the judging step',
    question: 'What does contact policy cost the judging step, and how does that grow?',
    command: 'node --import tsx bench/steps/contacts.ts',
    tables: [judgingTable(cells, rounds), historyTable(cells), growthTable(cells), explainedTable(explained)],
    text: [caseText(), historyText(cells), explainedText(explained), loadText(loadBefore)],
  })
}

const grouped = (count: number) => count.toLocaleString('en')

function judgingTable(cells: readonly Cell[], rounds: number): Table {
  return {
    caption: `The judging step: medians of ${rounds} interleaved rounds; ratios round by round, median (least to most)`,
    columns: [
      'candidates, contacts in the ledger',
      'refused',
      'by history',
      'µs per decision',
      'µs with nothing agreed',
      'ratio',
      'more, ns per candidate',
    ],
    rows: cells.flatMap(({ count, refused, times }) =>
      LEDGERS.map(({ id, name }) => [
        `${grouped(count)}, ${name}`,
        percent(refused[id].refused),
        percent(refused[id].byHistory),
        figure(times[id]),
        figure(times.none),
        spread(ratio(times[id], times.none)),
        digits((1000 * more(times[id], times.none)) / count),
      ]),
    ),
  }
}

/** Round by round, for who runs side by side is disturbed alike. */
function more(above: readonly number[], below: readonly number[]): number {
  return median(above.map((time, round) => time - below[round]!))
}

function historyTable(cells: readonly Cell[]): Table {
  return {
    caption: 'What a history adds to a decision: µs more than with an empty one, median of the rounds',
    columns: ['candidates', '20', '500', '500, of which 300 by day', '500 where no policy counts them'],
    rows: cells.map(({ count, times }) => [
      grouped(count),
      ...(['short', 'long', 'days'] as const).map((id) => digits(more(times[id], times.empty))),
      digits(more(times.unread, times.none)),
    ]),
  }
}

const STEPS = [
  [100, 1000],
  [1000, 10_000],
] as const

function growthTable(cells: readonly Cell[]): Table {
  return {
    caption: 'Growth: how many times the median grows for ten times the candidates',
    columns: ['candidates', 'nothing agreed', ...LEDGERS.map(({ name }) => name)],
    rows: STEPS.map(([from, to]) => [
      `${grouped(from)} to ${grouped(to)}`,
      ...(['none', ...LEDGERS.map(({ id }) => id)] as const).map((name) =>
        (median(cellOf(cells, to).times[name]) / median(cellOf(cells, from).times[name])).toFixed(1),
      ),
    ]),
  }
}

function cellOf(cells: readonly Cell[], count: number): Cell {
  return cells.find((cell) => cell.count === count)!
}

function explainedTable(explained: readonly Explained[]): Table {
  return {
    caption:
      'What would admit what is refused: 1,000 candidates, 16 customers, µs per decision, ratios round by round',
    columns: [
      'case',
      'refused',
      'changes told',
      'judging, µs',
      'changes, µs',
      'changes / judging',
      'the first moment at which something may be sent, µs',
    ],
    rows: explained.map(({ name, refused, changes, times }) => [
      name,
      percent(refused),
      changes.toFixed(0),
      figure(times.judge),
      figure(times.changes),
      spread(ratio(times.changes, times.judge)),
      figure(times.earliest),
    ]),
  }
}

function caseText(): string {
  return `Everything agreed: ${POLICIES.length} contact policies (ten caps per customer, action, group, channel, placement and tier, over windows of a day to half a year; silence after three impressions in a week without a click, and after a no), four purposes with four or five statements of consent, quiet hours in two zones, a pace and refused topics. Nothing agreed: the same actions without any of that, a customer without history. No action has a rule; 23 groups whatever the number of actions; an e-mail at 10:00. 64 customers in turn, so that least and most differ by customers too. Before anything was timed: nobody was refused with nothing agreed, nor by caps or silences with an empty ledger; with the others caps, silences and a pace refused some, and the cap over half a year refused for days that it counted. While it was timed every decision had to permit as many candidates as before. “By history”: refused by a cap, a silence or a pace, whatever else refuses it.`
}

function historyText(cells: readonly Cell[]): string {
  const smallest = cells[0]!
  const largest = cells.at(-1)!
  const few = more(smallest.times.long, smallest.times.empty)
  const many = more(largest.times.long, largest.times.empty)
  const agreed = (cell: Cell) => ratio(cell.times.empty, cell.times.none).median.toFixed(1)
  const whole = (cell: Cell) => ratio(cell.times.long, cell.times.none).median.toFixed(1)
  const perCandidate = (many - few) / (largest.count - smallest.count)
  return `With an empty ledger the judging step takes ${agreed(smallest)} (${grouped(smallest.count)} candidates) to ${agreed(largest)} times (${grouped(largest.count)}) as long as with nothing agreed; with 500 contacts ${whole(smallest)} to ${whole(largest)} times. 500 contacts add ${digits(few)} µs to a decision about ${grouped(smallest.count)} candidates and ${digits(many)} µs to one about ${grouped(largest.count)}: what a history costs once is at most the first, and each candidate that is then held against it costs ${digits(1000 * perCandidate)} ns more.`
}

function explainedText(explained: readonly Explained[]): string {
  const times = explained.map((each) => ratio(each.times.changes, each.times.judge).median)
  const least = Math.min(...times)
  const most = Math.max(...times)
  return `Working out what would admit the refused candidates takes ${digits(least)} to ${digits(most)} times as long as judging all. Each moment that was told was held against the judging step: it admitted. The last column is what an empty slate of an outbound channel costs beside its judging, explained or not.`
}
