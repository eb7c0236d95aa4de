import type { Answer } from './callers.ts'
import { isFull } from './callers.ts'
import { CAP, VOLUME } from './shop.ts'

const COUNTED = ['boots', 'gloves']

/** Answers that show something that a cap or a volume counts. */
export function showingCounted(answers: readonly Answer[]): Answer[] {
  return answers.filter(({ shown }) => COUNTED.some((action) => shown.includes(action)))
}

/** Those of them that say that everything was there: what they show was granted. */
export function granted(answers: readonly Answer[]): Answer[] {
  return showingCounted(answers).filter(isFull)
}

/** Contacts that were granted beyond what the cap and the volume allow, as the callers saw it. */
export function overfilled(answers: readonly Answer[]): { boots: number; gloves: number } {
  const boots = [...bootsByCustomer(answers).values()].reduce((sum, n) => sum + Math.max(0, n - CAP), 0)
  const gloves = answers.filter(({ shown }) => shown.includes('gloves')).length
  return { boots, gloves: Math.max(0, gloves - VOLUME) }
}

/** How often each customer was shown the boots. */
export function bootsByCustomer(answers: readonly Answer[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { customer, shown } of answers)
    counts.set(customer, (counts.get(customer) ?? 0) + (shown.includes('boots') ? 1 : 0))
  return counts
}
