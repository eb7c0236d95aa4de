import type { Table } from '../measuring/results-page.ts'
import { FIGURES, type Figure, type Interval, interval, lossOf } from './bootstrap.ts'
import { auc, ece, observedExpected, type PerCustomer, type Prediction } from './measures.ts'
import type { Block } from './test-set.ts'

/** One method with how it did on each customer. */
export interface Judged {
  readonly prediction: Prediction
  readonly each: PerCustomer
}

type Draws = readonly Uint16Array[]

/** Every method with intervals. */
export function figuresTable(who: string, block: Block, judged: readonly Judged[], draws: Draws): Table {
  const buyers = judged[0]!.each.buyer.reduce((sum, buyer) => sum + buyer, 0)
  const loss = lossOf(block.actions)
  return {
    caption:
      `${who} as of ${block.asOf}: ${count(block.customers)} customers, ${count(buyers)} of whom bought at least one of the ` +
      `${block.actions} products, ${count(block.labels.length)} pairs; 95 % intervals by customer`,
    columns: [
      'method',
      'hit rate@1',
      'hit rate@5',
      'hit rate@1, all customers',
      'hit rate@5, all customers',
      'log loss',
      'AUC',
      'ECE',
      'observed / expected',
    ],
    rows: judged.map(({ prediction, each }) => [
      prediction.name,
      share(interval(FIGURES.hit1, draws, each)),
      share(interval(FIGURES.hit5, draws, each)),
      share(interval(FIGURES.hit1OfAll, draws, each)),
      share(interval(FIGURES.hit5OfAll, draws, each)),
      decimals(interval(loss, draws, each)),
      auc(block.labels, prediction.score).toFixed(4),
      ece(block.labels, prediction.probability).toFixed(4),
      observedExpected(block.labels, prediction.probability).toFixed(3),
    ]),
  }
}

/** The first method minus each other one, on the same resamples. */
export function differencesTable(who: string, block: Block, judged: readonly Judged[], draws: Draws): Table {
  const [net, ...baselines] = judged
  const loss = lossOf(block.actions)
  return {
    caption: `${who}: the net minus each baseline, paired; above 0 is better for hit rates, below 0 for log loss`,
    columns: ['net minus', 'hit rate@1', 'hit rate@5', 'log loss'],
    rows: baselines.map(({ prediction, each }) => {
      const difference = (figure: Figure) => interval(figure, draws, net!.each, each)
      return [
        prediction.name,
        points(difference(FIGURES.hit1)),
        points(difference(FIGURES.hit5)),
        decimals(difference(loss)),
      ]
    }),
  }
}

/**
 * One sentence a metric, made of the figures: where the net is better with confidence, where only on the point, where not.
 */
export function verdicts(who: string, block: Block, judged: readonly Judged[], draws: Draws): string[] {
  const [net, ...baselines] = judged
  const metrics: [string, Figure, number][] = [
    ['hit rate@1', FIGURES.hit1, 1],
    ['hit rate@5', FIGURES.hit5, 1],
    ['log loss', lossOf(block.actions), -1],
  ]
  return metrics.map(([metric, figure, better]) => {
    const parts = baselines.map(({ prediction, each }) => {
      const { value, low, high } = interval(figure, draws, net!.each, each)
      const [gain, least] = better > 0 ? [value, low] : [-value, -high]
      if (least > 0) return `better than ${prediction.name} beyond the interval`
      if (gain > 0) return `better than ${prediction.name} on the point estimate, inside the interval`
      return `not better than ${prediction.name}`
    })
    return `${who}: on ${metric} the net is ${parts.join('; ')}.`
  })
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function share({ value, low, high }: Interval): string {
  const percent = (x: number) => (100 * x).toFixed(1)
  return `${percent(value)} % [${percent(low)}, ${percent(high)}]`
}

function points({ value, low, high }: Interval): string {
  const signed = (x: number) => `${x < 0 ? '−' : '+'}${Math.abs(100 * x).toFixed(1)}`
  return `${signed(value)} points [${signed(low)}, ${signed(high)}]`
}

function decimals({ value, low, high }: Interval): string {
  const five = (x: number) => x.toFixed(5).replace('-', '−')
  return `${five(value)} [${five(low)}, ${five(high)}]`
}
