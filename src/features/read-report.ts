/** What could not be read: one line per file and reason, with the first few places. */
export interface Unreadable {
  readonly file: string
  readonly reason: string
  readonly count: number
  /** What `rows` counts, from 1: data rows of a file, or its lines where the line itself is broken. */
  readonly unit: Unit
  readonly rows: readonly number[]
}

type Unit = 'data row' | 'line'

/** What was read from the transaction or customer files. */
export interface ReadReport {
  readonly files: number
  /** Rows that count. */
  readonly rows: number
  /** Readable rows without a customer: nobody's history, so no feature counts them. */
  readonly anonymous: number
  readonly unreadable: readonly Unreadable[]
}

const EXAMPLES = 3

/** Gathers places by file and reason, in the order in which they first occur. */
export function unreadableOf(
  places: Iterable<{ file: string; reason: string; row: number }>,
  unit: Unit = 'data row',
): Unreadable[] {
  const byReason = new Map<
    string,
    { file: string; reason: string; count: number; unit: Unit; rows: number[] }
  >()
  for (const { file, reason, row } of places) {
    const key = `${file}\n${reason}`
    const entry = byReason.get(key) ?? { file, reason, count: 0, unit, rows: [] }
    byReason.set(key, entry)
    entry.count++
    if (entry.rows.length < EXAMPLES) entry.rows.push(row)
  }
  return [...byReason.values()]
}

/** One sentence for the terminal. */
export function unreadableLine({ file, reason, count, unit, rows }: Unreadable): string {
  const more = count > rows.length ? ', …' : ''
  return `left out ${count} ${count === 1 ? 'row' : 'rows'} of ${file}: ${reason} (${unit} ${rows.join(', ')}${more})`
}
