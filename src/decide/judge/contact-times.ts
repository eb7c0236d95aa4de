import type { CapPolicy, SuppressionPolicy } from '../../domain/contact-policy.ts'
import { type Happened, mostInWindow } from '../../domain/window.ts'

export function isCapped(
  contacts: readonly Happened[],
  at: number,
  { max, windowMs }: Pick<CapPolicy, 'max' | 'windowMs'>,
): boolean {
  // Most customers have fewer contacts than the cap allows, whenever they were.
  return contacts.length >= max && mostInWindow(contacts, at, windowMs) > max
}

/** The first moment from `at` on at which the cap lets one more contact pass; null for a cap that lets none. */
export function uncappedFrom(
  contacts: readonly Happened[],
  at: number,
  cap: Pick<CapPolicy, 'max' | 'windowMs'>,
): number | null {
  if (cap.max === 0) return null
  const ends = new Set(contacts.map(({ last }) => last + cap.windowMs).filter((end) => end > at))
  const moments = [at, ...[...ends].sort((a, b) => a - b)]
  return moments.find((moment) => !isCapped(contacts, moment, cap))!
}

/** What a suppression listens to: its outcome and the one that lifts it. */
export interface Heard {
  readonly outcomes: readonly Happened[]
  readonly lifts: readonly Happened[]
}

/**
 * Until when a suppression keeps silent at `at`, exclusive; null when it does not. It is triggered when its outcome came
 * often enough in less than `withinMs`, and lifted by the other outcome from the first of these on. What is known by
 * the day only is taken as it silences longest.
 */
export function suppressedUntil(
  { outcomes, lifts }: Heard,
  at: number,
  { times, withinMs, suppressForMs }: Pick<SuppressionPolicy, 'times' | 'withinMs' | 'suppressForMs'>,
): number | null {
  const past = outcomes.filter(({ first }) => first <= at).sort((a, b) => a.last - b.last)
  let until: number | null = null
  for (let i = times - 1; i < past.length; i++) {
    const begun = past[i - times + 1]!.last
    const trigger = past[i]!
    // As late as it may have been, and still near enough to the first one.
    const latest = Math.min(trigger.last, at, begun + withinMs - 1)
    if (latest < trigger.first || latest + suppressForMs <= at) continue
    if (lifts.some(({ first }) => first >= begun && first <= at)) continue
    until = Math.max(until ?? 0, latest + suppressForMs)
  }
  return until
}
