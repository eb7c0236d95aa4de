import { loadavg } from 'node:os'
import { type BenchResult, saveResult, thisMachine } from './results-page.ts'
import { median, type Ratio } from './statistics.ts'

/** Prints a result, and makes it a section of the page. */
export function publish(name: string, result: Omit<BenchResult, 'machine' | 'ranAt'>): void {
  for (const { caption, columns, rows } of result.tables) {
    console.log(`\n${caption}`)
    for (const row of [columns, ...rows]) console.log(row.join(' | '))
  }
  console.log(`\n${result.text.join('\n\n')}`)
  saveResult(name, { ...result, machine: thisMachine(), ranAt: new Date().toISOString() })
}

/** The median, with as many digits as it is good for. */
export function figure(times: readonly number[]): string {
  return digits(median(times))
}

export function digits(value: number): string {
  const size = Math.abs(value)
  return size >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(size >= 10 ? 1 : 2)
}

export function spread({ median: middle, least, most }: Ratio): string {
  return `${middle.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

/** How busy the machine was, for whom single figures matter. */
export function loadText(before: number): string {
  return `Load of the machine over its last minute (1 is one busy core): ${before.toFixed(1)} before, ${loadavg()[0]!.toFixed(1)} after. Ratios bear with a busy machine; single figures and growth do so less.`
}
