import type { Block } from './test-set.ts'

/** How one method did on each customer [B]; every figure and every resample is made of these. */
export interface PerCustomer {
  /** 1 when the customer bought at least one of the actions in the window. */
  readonly buyer: Uint8Array
  /** 1 when one of the top 1 (top 5) was bought. */
  readonly hit1: Uint8Array
  readonly hit5: Uint8Array
  /** Log loss summed over the customer’s actions. */
  readonly loss: Float64Array
}

/** A method’s answer: what it ranks by and what it takes for probability, both [B, N]. */
export interface Prediction {
  readonly name: string
  readonly score: Float64Array
  readonly probability: Float64Array
}

/** Ties in the score go to the higher `tieBreak` [N] (the more popular product), then to the lower position. */
export function perCustomer(
  block: Block,
  { score, probability }: Prediction,
  tieBreak: Float64Array,
): PerCustomer {
  const { customers, actions, labels } = block
  const result = {
    buyer: new Uint8Array(customers),
    hit1: new Uint8Array(customers),
    hit5: new Uint8Array(customers),
    loss: new Float64Array(customers),
  }
  const order = Array.from({ length: actions }, (_, n) => n)
  for (let b = 0; b < customers; b++) {
    const from = b * actions
    order.sort((m, n) => score[from + n]! - score[from + m]! || tieBreak[n]! - tieBreak[m]! || m - n)
    order.forEach((n, place) => {
      const bought = labels[from + n]!
      if (bought === 1) {
        result.buyer[b] = 1
        if (place < 1) result.hit1[b] = 1
        if (place < 5) result.hit5[b] = 1
      }
      result.loss[b]! += logLoss(bought, probability[from + n]!)
    })
  }
  return result
}

/** −ln(probability given to what happened), kept 1e-7 away from 0 and 1. */
function logLoss(label: number, probability: number): number {
  const p = Math.min(1 - 1e-7, Math.max(1e-7, probability))
  return label === 1 ? -Math.log(p) : -Math.log1p(-p)
}

/** Chance that a positive scores above a negative, ties half (Mann–Whitney U by mid-ranks). */
export function auc(labels: Uint8Array, score: Float64Array): number {
  const order = Uint32Array.from(score, (_, i) => i).sort((a, b) => score[a]! - score[b]!)
  let positives = 0
  let rankSum = 0
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && score[order[to]!] === score[order[from]!]) to++
    const middleRank = (from + 1 + to) / 2
    for (let i = from; i < to; i++) {
      if (labels[order[i]!] !== 1) continue
      positives++
      rankSum += middleRank
    }
    from = to
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (order.length - positives))
}

/** Expected calibration error: mean |observed rate − mean probability| over equally frequent bins. */
export function ece(labels: Uint8Array, probability: Float64Array, bins = 10): number {
  const order = Uint32Array.from(probability, (_, i) => i).sort((a, b) => probability[a]! - probability[b]!)
  let sum = 0
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.round((bin * order.length) / bins)
    const to = Math.round(((bin + 1) * order.length) / bins)
    let difference = 0
    for (let i = from; i < to; i++) difference += labels[order[i]!]! - probability[order[i]!]!
    sum += Math.abs(difference)
  }
  return sum / order.length
}

/** Observed over expected positives. */
export function observedExpected(labels: Uint8Array, probability: Float64Array): number {
  const observed = labels.reduce((sum, label) => sum + label, 0)
  return observed / probability.reduce((sum, p) => sum + p, 0)
}
