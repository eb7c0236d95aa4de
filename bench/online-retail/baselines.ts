import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Prediction } from './measures.ts'
import type { Block } from './test-set.ts'

/** What `emma features build` tells of each product before the day; any of them may be taken for popularity. */
const SIGNALS = {
  customers_30d: 'customers of the last 30 days',
  orders_30d: 'orders of the last 30 days',
  orders_90d: 'orders of the last 90 days',
  customers: 'customers ever',
  orders: 'orders ever',
} as const
type Signal = keyof typeof SIGNALS

/** Each signal of the block’s actions [N], per customer known on that day. */
export type Demand = Readonly<Record<Signal, Float64Array>>

/** Reads the folder that holds one feature folder a day. */
export function readDemand(features: string, { asOf, actionIds }: Block): Demand {
  const folder = join(features, asOf)
  const { rows } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { rows: number }
  const lines = readFileSync(join(folder, 'items.ndjson'), 'utf8').trim().split('\n')
  const items = new Map(
    lines
      .map((line) => JSON.parse(line) as { value: string } & Record<Signal, number>)
      .map((item) => [item.value, item]),
  )
  // Half a sale is added, so that no product has probability 0.
  const of = (signal: Signal) => Float64Array.from(actionIds, (id) => (items.get(id)![signal] + 0.5) / rows)
  const signals = Object.keys(SIGNALS) as Signal[]
  return Object.fromEntries(signals.map((signal) => [signal, of(signal)])) as Demand
}

/** A cut-off day with what its features say of demand. */
export interface Day {
  readonly block: Block
  readonly demand: Demand
}

/** With which signals were chosen, in words, and the probabilities it takes for other days. */
export interface Popular extends Prediction {
  readonly chosen: string
  readonly rates: Rates
}

/**
 * The most popular products. Which signal is popularity is chosen on the training cut-offs, for the baseline’s benefit:
 * one that ranks best, and one that, scaled to the observed rate, has the lowest log loss.
 */
export function popular(history: readonly Day[], test: Day): Popular {
  const tried = (Object.keys(SIGNALS) as Signal[]).map((signal) => {
    let [hits, observed, expected] = [0, 0, 0]
    for (const { block, demand } of history) {
      hits += customersHit(block, topFive(demand[signal]))
      observed += block.labels.reduce((sum, label) => sum + label, 0)
      expected += demand[signal].reduce((sum, rate) => sum + rate, 0) * block.customers
    }
    const scale = observed / expected
    const loss = history.reduce(
      (sum, { block, demand }) => sum + lossOfRates(block, demand[signal], scale),
      0,
    )
    return { signal, hits, scale, loss }
  })
  const ranking = tried.reduce((best, one) => (one.hits > best.hits ? one : best))
  const probable = tried.reduce((best, one) => (one.loss < best.loss ? one : best))
  const rates: Rates = ({ demand }) => demand[probable.signal].map((rate) => rate * probable.scale)
  return {
    name: 'most popular products',
    chosen: `popularity is ${SIGNALS[ranking.signal]}, for its probabilities ${SIGNALS[probable.signal]}`,
    score: repeated(test.demand[ranking.signal], test.block.customers),
    probability: repeated(rates(test), test.block.customers),
    rates,
  }
}

/** The probability of each product [N] on a day. */
export type Rates = (day: Day) => Float64Array

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

function lossOfRates({ labels, actions }: Block, rates: Float64Array, scale: number): number {
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
  history: readonly Day[],
  test: Day,
  column: number,
  rates: Rates,
): Prediction {
  const bought = new Float64Array(MOST + 1)
  const seen = new Float64Array(MOST + 1)
  let expectedUnbought = 0
  for (const day of history) {
    const counts = ownCounts(day.block, column)
    const popularity = rates(day)
    for (let i = 0; i < counts.length; i++) {
      const k = Math.min(MOST, counts[i]!)
      bought[k]! += day.block.labels[i]!
      seen[k]!++
      if (k === 0) expectedUnbought += popularity[i % popularity.length]!
    }
  }
  const scale = bought[0]! / expectedUnbought
  const counts = ownCounts(test.block, column)
  const popularity = rates(test)
  return {
    name: 'customer’s own most frequent',
    score: counts,
    probability: counts.map((count, i) => {
      const k = Math.min(MOST, count)
      return k === 0 ? popularity[i % popularity.length]! * scale : (bought[k]! + 0.5) / (seen[k]! + 1)
    }),
  }
}

function ownCounts({ pair, labels }: Block, column: number): Float64Array {
  const width = pair.length / labels.length
  return Float64Array.from(labels, (_, i) => pair[i * width + column]!)
}
