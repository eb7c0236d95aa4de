import { failure } from '../domain/errors.ts'
import type { Refusal } from '../features/feature-row.ts'
import { readRows } from '../features/read-rows.ts'
import { makeWritesInFlight } from '../features/writes-in-flight.ts'
import type { Checkpoint } from './checkpoint.ts'

/** A kind of rows: what one of them says, and how many of them are told to the store at once. */
export interface RowKind<Item> {
  /** @returns the reason as text when a row says nothing that could be told */
  toItem(record: Readonly<Record<string, unknown>>): Item | string
  /** Rows told in one call. */
  readonly batch: number
  /** Calls under way at once. */
  readonly inFlight: number
  /** @returns for each what became of it */
  tell(items: readonly Item[]): Promise<readonly Became[]>
}

/** `refused` with its reason. */
export type Became = 'changed' | 'known' | { readonly refused: string }

export interface RowProgress {
  /** Rows of the file so far, with those that were in already. */
  readonly read: number
  readonly changed: number
  /** Rows that said nothing new. */
  readonly known: number
  readonly refused: number
  /** Rows that an earlier run brought in; they are counted in none of the above but `read`. */
  readonly skipped: number
}

/** Rows between two notes of how far it has come. */
const NOTED_EVERY = 10_000
const TOLD_EVERY = 1000

/**
 * Tells a store all rows of a file, in batches, several of them under way. Rows that are refused keep nobody out. Told
 * again they change nothing, and a run that was ended goes on where it was.
 * @throws EmmaError `data_invalid` when not one row could be loaded, `store_unavailable`
 */
export async function loadRows<Item>(
  file: string,
  kind: RowKind<Item>,
  checkpoint: Checkpoint,
  onProgress: (progress: RowProgress) => void,
  onRefusal: (refusal: Refusal) => void,
): Promise<RowProgress> {
  const skipped = await checkpoint.rows()
  const counts = { read: 0, changed: 0, known: 0, refused: 0, skipped }
  let first: Refusal | undefined
  let noted = skipped
  let items: { readonly line: number; readonly item: Item }[] = []
  const refuse = (line: number, reason: string) => {
    counts.refused++
    first ??= { line, reason }
    onRefusal({ line, reason })
  }
  const writes = makeWritesInFlight(kind.inFlight, async (reached) => {
    if (reached - noted < NOTED_EVERY) return
    noted = reached
    await checkpoint.note(reached)
  })
  const tellBatch = async () => {
    const told = items
    items = []
    await writes.add(async () => {
      const became = await kind.tell(told.map(({ item }) => item))
      became.forEach((what, i) => {
        if (typeof what === 'string') counts[what]++
        else refuse(told[i]!.line, what.refused)
      })
    }, counts.read)
  }

  onProgress({ ...counts })
  try {
    for await (const { line, record, fault } of readRows(file)) {
      counts.read++
      if (counts.read <= skipped) continue
      const item = fault === undefined ? kind.toItem(record) : fault
      if (typeof item === 'string') refuse(line, item)
      else items.push({ line, item })
      if (items.length >= kind.batch) await tellBatch()
      if (counts.read % TOLD_EVERY === 0) onProgress({ ...counts })
    }
    if (items.length > 0) await tellBatch()
    await writes.all()
  } finally {
    await writes.settled()
  }
  if (counts.changed + counts.known + skipped === 0) throw nothingLoaded(file, first)
  await checkpoint.forget()
  onProgress({ ...counts })
  return counts
}

function nothingLoaded(file: string, first: Refusal | undefined) {
  return failure(
    'data_invalid',
    first === undefined ? file : `${file}:${first.line}`,
    first === undefined ? 'the file has no rows' : `no row could be loaded: ${first.reason}`,
    'nothing was changed; correct the file and load it again',
  )
}
