import type { Recorded } from '../customers/record-batch.ts'
import type { Fault } from '../domain/errors.ts'
import type { Became } from './load-rows.ts'

export function becameOf(recorded: Recorded): Became {
  if (recorded.status === 'refused') return { refused: reasonOf(recorded.faults[0]!) }
  return recorded.status === 'accepted' ? 'changed' : 'known'
}

/** With the last part of the place: in a file it is the column. */
export function reasonOf({ place, what, remedy }: Fault): string {
  const column = place.slice(place.lastIndexOf('/') + 1)
  return `${column}: ${what}; ${remedy}`
}
