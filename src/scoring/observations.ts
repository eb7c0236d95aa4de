import type { Catalogue } from '../domain/catalogue.ts'
import type { ActionId } from '../domain/ids.ts'
import type { ModelEvidence } from '../domain/model.ts'

/** From 0; of an action that the manifest does not name, what it says of all others. */
export function observationsOf({ actions, others }: ModelEvidence, id: ActionId): number {
  return Object.hasOwn(actions, id) ? actions[id]! : others
}

/** Observations of the actions at `positions` of a catalogue, in that order; counted once per catalogue. */
export function rememberObservations(
  evidence: ModelEvidence,
): (catalogue: Catalogue, positions: readonly number[]) => Float64Array {
  const known = new WeakMap<Catalogue, Float64Array>()
  return (catalogue, positions) => {
    let counted = known.get(catalogue)
    if (counted === undefined) {
      counted = Float64Array.from(catalogue.actions, ({ id }) => observationsOf(evidence, id))
      known.set(catalogue, counted)
    }
    const asked = new Float64Array(positions.length)
    for (let row = 0; row < asked.length; row++) asked[row] = counted[positions[row]!]!
    return asked
  }
}

/** `36,188 observations of 60 actions; least 207 (stoneware-teapot)` */
export function tellEvidence(evidence: ModelEvidence | undefined): string {
  if (evidence === undefined) return 'none is told: the model is taken at its word'
  const counts = Object.entries(evidence.actions).sort(([, a], [, b]) => a - b)
  const tell = (count: number) => count.toLocaleString('en')
  const counted = (count: number, noun: string) => `${tell(count)} ${noun}${count === 1 ? '' : 's'}`
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  const parts = [`${counted(total, 'observation')} of ${counted(counts.length, 'action')}`]
  if (counts[0] !== undefined) parts.push(`least ${tell(counts[0][1])} (${counts[0][0]})`)
  if (evidence.others > 0) parts.push(`${tell(evidence.others)} of any other`)
  return parts.join('; ')
}
