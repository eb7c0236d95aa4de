import type { Reach, TalliedRule } from '../reach/reach.ts'
import { count } from './count.ts'

export interface ReachReport {
  readonly actions: number
  readonly anonymous: Reach
  readonly withoutConsent: Reach
  /** Null without a store, or with an empty one. */
  readonly customers: Reach | null
}

const MOST_NAMES = 8

/** Who can be reached at all, and which rules decide nothing, for a marketer at a terminal. */
export function printReach({ actions, anonymous, withoutConsent, customers }: ReachReport): string {
  const lines = [
    'who can be reached at all, whatever the context, stock and hour:',
    `  an anonymous visitor: ${one(anonymous, actions)}`,
    ...wanting(anonymous),
    `  a customer without consent: ${one(withoutConsent, actions)}`,
  ]
  if (customers === null) {
    lines.push('  customers of the store: none are stored yet, load some to see')
    return lines.join('\n')
  }
  const counts = [...customers.counts].sort((a, b) => a - b)
  const median = counts[Math.floor(counts.length / 2)]!
  lines.push(
    `  ${count(counts.length, 'customer')} of the store: ${counts[0]} to ${counts.at(-1)} of ${count(actions, 'action')} each, median ${median}`,
    ...wanting(customers),
  )
  if (customers.never.length > 0)
    lines.push(`    none of them is ever reached by ${named(customers.never.map(({ id }) => id))}`)
  lines.push(...deciding(customers.rules))
  return lines.join('\n')
}

function one({ counts }: Reach, actions: number): string {
  return `${counts[0]} of ${count(actions, 'action')}`
}

/** Data that is wanted: often a default is all that an action needs. */
function wanting({ missing }: Reach): string[] {
  return [...missing]
    .sort(([, a], [, b]) => b.size - a.size)
    .slice(0, MOST_NAMES)
    .map(([name, actions]) => {
      const ids = [...actions].map(({ id }) => id)
      return `    ${name} is not known and keeps away ${named(ids)}`
    })
}

/** Rules that come out alike for everybody: often a slip, or a condition that could go. */
function deciding(rules: readonly TalliedRule[]): string[] {
  const never = rules.filter(({ tally }) => tally.holds === 0 && tally.depends === 0)
  const always = rules.filter(({ tally }) => tally.fails + tally.missing + tally.depends === 0)
  const told = (title: string, list: readonly TalliedRule[]) =>
    list.length === 0 ? [] : [title, ...list.map((rule) => `  ${rule.owner}, ${rule.level}: ${rule.source}`)]
  return [
    ...told('rules that never hold for these customers:', never),
    ...told('rules that always hold for these customers:', always),
  ]
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, MOST_NAMES).join(', ')
  return ids.length > MOST_NAMES ? `${shown} and ${ids.length - MOST_NAMES} more` : shown
}
