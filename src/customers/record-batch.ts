import type { ErrorCode, Fault } from '../domain/errors.ts'
import type { CodedFault } from './catalogue-names.ts'

/** What became of one item of a batch. `duplicate`: nothing of it was new. */
export type Recorded =
  | { readonly status: 'accepted' | 'duplicate' }
  | { readonly status: 'refused'; readonly code: ErrorCode; readonly faults: readonly Fault[] }

/** An item as the store takes it, or what is wrong with it. */
export type Checked<Told> = { readonly told: Told } | { readonly faults: readonly CodedFault[] }

/**
 * Records the items that are right in one transaction, and says what became of each, in their order.
 * @param record - says of each whether it brought anything new, or was refused for its name
 * @param takenFault - what is then told of the item of this index
 */
export async function recordBatch<Told>(
  checked: readonly Checked<Told>[],
  record: (told: readonly Told[]) => Promise<readonly Became[]>,
  takenFault?: (index: number) => CodedFault,
): Promise<Recorded[]> {
  const told = checked.flatMap((item) => ('told' in item ? [item.told] : []))
  const became = (told.length === 0 ? [] : await record(told)).values()
  return checked.map((item, i): Recorded => {
    if ('faults' in item) return refused(item.faults)
    const what = became.next().value
    if (what === 'taken') return refused([takenFault!(i)])
    return { status: what === 'changed' ? 'accepted' : 'duplicate' }
  })
}

/** What became of an item in the store; only what has a name can be `taken`. */
export type Became = 'changed' | 'known' | 'taken'

/** With the code of the first fault. */
function refused(faults: readonly CodedFault[]): Recorded {
  const shown = faults.map(({ place, what, remedy }) => ({ place, what, remedy }))
  return { status: 'refused', code: faults[0]!.code, faults: shown }
}
