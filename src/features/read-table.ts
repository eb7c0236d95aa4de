import { type CsvRow, readCsvBlocks } from './csv-rows.ts'
import { type ParquetBlock, readFile, readNdjson, readParquet, widthFault } from './read-rows.ts'

/** One row of a data file by the places of the columns that were asked for; valid until the next one is asked for. */
export interface TableRow {
  readonly line: number
  /** Why the line could not be read at all, if so. */
  readonly fault: string | undefined
  /** Columns that were asked for and are not in the file; NDJSON may leave out what is empty. */
  readonly missing: readonly string[]
  /** As it stands in the file: text, where the file is text. */
  value(column: number): unknown
  /** The number where it stands so plainly that nothing more has to be looked at; otherwise NaN. */
  plainNumber(column: number): number
}

/**
 * Reads some columns of a data file, in blocks of rows: each has to be gone through to its end.
 * @throws EmmaError `data_invalid` as `readRows` does
 */
export function readTable(path: string, columns: readonly string[]): AsyncGenerator<Iterable<TableRow>> {
  return readFile<Iterable<TableRow>>(path, {
    async *csv(bytes) {
      const row = new CsvTableRow(columns)
      for await (const rows of readCsvBlocks(bytes)) yield row.each(rows)
    },
    async *parquet(file) {
      const row = new ParquetTableRow(columns)
      for await (const block of readParquet(file)) yield row.each(block)
    },
    async *ndjson(text) {
      for await (const { line, record, fault } of readNdjson(text)) {
        const value = (column: number) => record[columns[column]!]
        yield [{ line, fault, missing: [], value, plainNumber: () => Number.NaN }]
      }
    },
  })
}

/** Where each column stands in the file. */
class Places {
  #file: readonly string[] = []
  #places: readonly number[] = []
  missing: readonly string[] = []
  readonly #columns: readonly string[]

  constructor(columns: readonly string[]) {
    this.#columns = columns
  }

  /** @returns for each column its place, -1 where there is none */
  in(file: readonly string[]): readonly number[] {
    if (this.#file === file) return this.#places
    this.#file = file
    this.#places = this.#columns.map((name) => file.indexOf(name))
    this.missing = this.#columns.filter((name) => !file.includes(name))
    return this.#places
  }
}

class CsvTableRow implements TableRow {
  line = 0
  fault: string | undefined
  #row!: CsvRow
  #at: readonly number[] = []
  readonly #places: Places

  constructor(columns: readonly string[]) {
    this.#places = new Places(columns)
  }

  get missing(): readonly string[] {
    return this.#places.missing
  }

  *each(rows: Iterable<CsvRow>): Generator<TableRow> {
    for (const row of rows) {
      this.#row = row
      this.#at = this.#places.in(row.columns)
      this.line = row.line
      this.fault = widthFault(row)
      yield this
    }
  }

  value(column: number): unknown {
    const at = this.#at[column]!
    return at < 0 ? undefined : this.#row.text(at)
  }

  plainNumber(column: number): number {
    const at = this.#at[column]!
    return at < 0 ? Number.NaN : this.#row.plainNumber(at)
  }
}

class ParquetTableRow implements TableRow {
  line = 0
  readonly fault = undefined
  #block!: ParquetBlock
  #row = 0
  #at: readonly number[] = []
  readonly #places: Places

  constructor(columns: readonly string[]) {
    this.#places = new Places(columns)
  }

  get missing(): readonly string[] {
    return this.#places.missing
  }

  *each(block: ParquetBlock): Generator<TableRow> {
    this.#block = block
    this.#at = this.#places.in(block.columns)
    for (this.#row = 0; this.#row < block.rows; this.#row++) {
      this.line++
      yield this
    }
  }

  value(column: number): unknown {
    const at = this.#at[column]!
    return at < 0 ? undefined : this.#block.value(at, this.#row)
  }

  plainNumber(column: number): number {
    const value = this.value(column)
    return typeof value === 'number' ? value : Number.NaN
  }
}
