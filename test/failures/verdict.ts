import { expect } from 'vitest'
import { type Answer, type Callers, isFull } from './callers.ts'
import { bootsByCustomer, overfilled, showingCounted } from './grants.ts'
import { CAP, VISITS } from './shop.ts'

/** What a decision has for the store, in milliseconds. */
export const DEADLINE_MS = 50
/** For a machine that does much else beside it. */
const SLACK_MS = 250
/** How soon after Redis is back every answer is founded on everything again, and what a busy machine may add. */
const BACK_MS = 2_000
const BUSY_MS = 1_000

/** What holds of every run, whatever failed in it. A process that has only just started is slow until `warm`. */
export function expectPromises({ answers, badProbes, lateness }: Callers, warm: number): void {
  expect(answers.filter(({ status }) => status < 200 || status > 299)).toEqual([])
  expect(badProbes).toEqual([])
  // What is not granted is not shown.
  expect(showingCounted(answers).filter((answer) => !isFull(answer))).toEqual([])
  // The rest goes out as ever.
  expect(answers.filter(({ shown }) => !shown.includes('parcel'))).toEqual([])
  expect(overfilled(answers)).toEqual({ boots: 0, gloves: 0 })
  const slowest = Math.max(...answers.filter(({ sentAt }) => sentAt >= warm).map(({ took }) => took))
  expect(slowest).toBeLessThan(DEADLINE_MS + SLACK_MS + lateness())
}

export function expectBackInTime(ms: number, { lateness }: Pick<Callers, 'lateness'>): void {
  expect(ms).toBeLessThan(BACK_MS + BUSY_MS + lateness())
}

/** Of what was asked and answered in a span, those that do not say that the store is away. */
export function unsaid(answers: readonly Answer[], from: number, to: number): Answer[] {
  return between(answers, from, to).filter(({ degraded }) => !degraded.includes('store_unavailable'))
}

export function between(answers: readonly Answer[], from: number, to: number): Answer[] {
  return answers.filter(({ sentAt, took }) => sentAt >= from && sentAt + took < to)
}

/** Whoever only asked when everything was there was shown the boots as often as the cap allows, and no more. */
export function expectFilled(answers: readonly Answer[]): void {
  const full = new Map<string, number>()
  for (const answer of answers)
    if (isFull(answer)) full.set(answer.customer, (full.get(answer.customer) ?? 0) + 1)
  const counts = [...bootsByCustomer(answers)].filter(([customer]) => full.get(customer) === VISITS)
  expect(counts.length).toBeGreaterThan(0)
  expect(counts.filter(([, count]) => count !== CAP)).toEqual([])
}

/** A line about a run, for whoever reads the output of the tests. */
export function summaryOf(name: string, answers: readonly Answer[], back: number | null): string {
  const took = answers.map((answer) => answer.took).sort((a, b) => a - b)
  const at = (quantile: number) => (took[Math.ceil(quantile * took.length) - 1] ?? Number.NaN).toFixed(0)
  const times = `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`
  const full = back === null ? '' : `; full mode ${back.toFixed(0)} ms after it was back`
  return `${name}: ${answers.length} answers while it lasted, ${times}${full}`
}
