import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/**
 * Runs `work` with an in-process database of its own and closes it, whatever happens.
 * Any number of threads gives the same result, because every sum is one of integers.
 * @param spillFolder - where DuckDB may put what does not fit into memory
 */
export async function withDuck<T>(
  work: (duck: DuckDBConnection) => Promise<T>,
  spillFolder?: string,
): Promise<T> {
  const instance = await DuckDBInstance.create(
    ':memory:',
    spillFolder === undefined ? {} : { temp_directory: spillFolder },
  )
  const duck = await instance.connect()
  try {
    // A time without zone is read as UTC, so that the machine's zone changes nothing.
    await duck.run("SET TimeZone = 'UTC'")
    return await work(duck)
  } finally {
    duck.closeSync()
    instance.closeSync()
  }
}

/** All rows as objects of plain numbers and strings: BIGINT as number, dates and decimals as text. */
export async function rowsOf<Row>(duck: DuckDBConnection, sql: string): Promise<Row[]> {
  const reader = await duck.runAndReadAll(sql)
  return reader.getRowObjects().map((row) => {
    const plain: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(row)) plain[name] = plainValue(value)
    return plain as Row
  })
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value
  return String(value)
}

/** `text` as an SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** `name` as a quoted SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The first line of a database error, without its kind. */
export function duckMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n')[0]!.replace(/^[A-Za-z ]+ Error: /, '')
}
