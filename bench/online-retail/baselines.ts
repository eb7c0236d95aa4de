import type { Prediction } from './measures.ts'
import type { Block } from './test-set.ts'

/**
 * The most popular products. A product’s rate is the share of (train) customers who bought it in the last m monthly
 * windows before the cut-off. Two forms of m are chosen on the training cut-offs, for the baseline’s benefit: one that
 * ranks best, one that, scaled to the observed rate, has the lowest log loss.
 */
export function popular(
  history: readonly Block[],
  test: Block,
): Prediction & { readonly rates: Float64Array } {
  const spans = [1, 2, 3, history.length - 1]
  const tried = spans.map((span) => {
    let hits = 0
    let observed = 0
    let expected = 0
    const backtests = history
      .slice(1)
      .map((block, i) => ({ block, rates: ratesOf(history.slice(0, i + 1), span) }))
    for (const { block, rates } of backtests) {
      hits += customersHit(block, topFive(rates))
      observed += block.labels.reduce((sum, label) => sum + label, 0)
      expected += rates.reduce((sum, rate) => sum + rate, 0) * block.customers
    }
    const scale = observed / expected
    const loss = backtests.reduce((sum, { block, rates }) => sum + constantLoss(block, rates, scale), 0)
    return { span, hits, scale, loss }
  })
  const ranking = tried.reduce((best, one) => (one.hits > best.hits ? one : best))
  const probable = tried.reduce((best, one) => (one.loss < best.loss ? one : best))
  const rates = ratesOf(history, probable.span).map((rate) => rate * probable.scale)
  return {
    name: `most popular products (last ${ranking.span} months; probability from ${probable.span})`,
    score: repeated(ratesOf(history, ranking.span), test.customers),
    probability: repeated(rates, test.customers),
    rates,
  }
}

/** Buyers per customer of every product [N], over the last `span` blocks; half a buyer is added, so that none is 0. */
function ratesOf(history: readonly Block[], span: number): Float64Array {
  const used = history.slice(-span)
  const customers = used.reduce((sum, block) => sum + block.customers, 0)
  const buyers = new Float64Array(used[0]!.actions).fill(0.5)
  for (const { labels, actions } of used)
    for (let i = 0; i < labels.length; i++) buyers[i % actions]! += labels[i]!
  return buyers.map((count) => count / customers)
}

function topFive(rates: Float64Array): number[] {
  return Array.from(rates.keys())
    .sort((m, n) => rates[n]! - rates[m]! || m - n)
    .slice(0, 5)
}

function customersHit({ customers, actions, labels }: Block, top: readonly number[]): number {
  let hits = 0
  for (let b = 0; b < customers; b++) if (top.some((n) => labels[b * actions + n] === 1)) hits++
  return hits
}

function constantLoss({ labels, actions }: Block, rates: Float64Array, scale: number): number {
  let loss = 0
  for (let i = 0; i < labels.length; i++) {
    const p = Math.min(0.999, rates[i % actions]! * scale)
    loss -= labels[i] === 1 ? Math.log(p) : Math.log1p(-p)
  }
  return loss
}

function repeated(values: Float64Array, times: number): Float64Array {
  const all = new Float64Array(values.length * times)
  for (let b = 0; b < times; b++) all.set(values, b * values.length)
  return all
}

/** Own purchases beyond this count share one rate. */
const MOST = 20

/**
 * The customer’s own most frequent products, ties by popularity. Probability: the rate at which products bought k times
 * were bought again, learned on the training cut-offs; for k = 0 the product’s popularity, scaled to the observed rate.
 */
export function ownMostFrequent(
  history: readonly Block[],
  test: Block,
  column: number,
  popularRates: Float64Array,
): Prediction {
  const bought = new Float64Array(MOST + 1)
  const seen = new Float64Array(MOST + 1)
  let expectedUnbought = 0
  for (const block of history) {
    const counts = ownCounts(block, column)
    for (let i = 0; i < counts.length; i++) {
      const k = Math.min(MOST, counts[i]!)
      bought[k]! += block.labels[i]!
      seen[k]!++
      if (k === 0) expectedUnbought += popularRates[i % block.actions]!
    }
  }
  const scale = bought[0]! / expectedUnbought
  const counts = ownCounts(test, column)
  return {
    name: 'customer’s own most frequent',
    score: counts,
    probability: counts.map((count, i) => {
      const k = Math.min(MOST, count)
      return k === 0 ? popularRates[i % test.actions]! * scale : (bought[k]! + 0.5) / (seen[k]! + 1)
    }),
  }
}

function ownCounts({ pair, labels }: Block, column: number): Float64Array {
  const width = pair.length / labels.length
  return Float64Array.from(labels, (_, i) => pair[i * width + column]!)
}
