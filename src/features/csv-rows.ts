import { Buffer } from 'node:buffer'

const [QUOTE, COMMA, LINE_FEED, RETURN] = [34, 44, 10, 13]
const [MINUS, POINT, ZERO, NINE] = [45, 46, 48, 57]
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
/** Whole numbers of so many digits, and powers of ten up to this one, are exact: so is their quotient, once rounded. */
const EXACT_DIGITS = 15
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i)
/** A quote that is never closed would take in the whole file. */
const LONGEST = 64 << 20

/** A record of a CSV file. It is the same object for all of them: valid until the next one is asked for. */
export interface CsvRow {
  /** The header. */
  readonly columns: readonly string[]
  /** Of its end, from 1. */
  readonly line: number
  /** How many fields it has. */
  readonly width: number
  text(column: number): string
  /** A number in digits, with point and minus at most, exactly as `Number` reads it; NaN for every other text. */
  plainNumber(column: number): number
}

/**
 * Reads CSV by RFC 4180, with line feeds alone too, from bytes as they come: empty lines are left out, a byte order mark
 * is. Rows come in blocks, as many as were read at once, each to be gone through to its end; the header is none of them.
 * @throws Error for a quote where none may be, or that is not closed, and for a header that names a column twice
 */
export async function* readCsvBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Iterable<CsvRow>> {
  const scanner = new CsvScanner()
  let isFirst = true
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    if (isFirst && bytes.length < BYTE_ORDER_MARK.length) {
      rest = bytes
      continue
    }
    if (isFirst) bytes = withoutMark(bytes)
    isFirst = false
    yield scanner.rows(bytes, false)
    rest = bytes.subarray(scanner.at)
    if (rest.length > LONGEST)
      throw new Error(
        `a record is longer than 64 MB; perhaps a quote is not closed, from line ${scanner.lines + 1}`,
      )
  }
  yield scanner.rows(isFirst ? withoutMark(rest) : rest, true)
}

function withoutMark(bytes: Buffer): Buffer {
  const isMarked = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
  return isMarked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes
}

class CsvScanner implements CsvRow {
  columns: readonly string[] = []
  line = 0
  width = 0
  /** Where the next record begins. */
  at = 0
  /** Line ends so far. */
  lines = 0
  #bytes: Buffer = Buffer.alloc(0)
  /** Of each field of the record, first byte and the one after the last, without quotes. */
  #starts = new Int32Array(64)
  #ends = new Int32Array(64)
  /** Whether quotes in it stand doubled. */
  #doubled: boolean[] = []

  text(column: number): string {
    const text = this.#bytes.toString('utf8', this.#starts[column], this.#ends[column])
    return this.#doubled[column] === true ? text.replaceAll('""', '"') : text
  }

  plainNumber(column: number): number {
    const bytes = this.#bytes
    const end = this.#ends[column]!
    let at = this.#starts[column]!
    const isNegative = bytes[at] === MINUS
    if (isNegative) at++
    let [whole, digits, decimals, point] = [0, 0, 0, false]
    for (; at < end; at++) {
      const byte = bytes[at]!
      if (byte >= ZERO && byte <= NINE) {
        whole = whole * 10 + byte - ZERO
        digits++
        if (point) decimals++
      } else if (byte === POINT && !point) point = true
      else return Number.NaN
    }
    if (digits === 0 || digits > EXACT_DIGITS) return Number.NaN
    const value = decimals === 0 ? whole : whole / POWERS[decimals]!
    return isNegative ? -value : value
  }

  /** All whole records; with `isLast` what is left is one, too. */
  *rows(bytes: Buffer, isLast: boolean): Generator<CsvRow> {
    this.#bytes = bytes
    this.at = 0
    while (this.#scan(isLast)) {
      if (this.width === 0) continue
      if (this.columns.length > 0) yield this
      else this.columns = this.#header()
    }
  }

  #header(): readonly string[] {
    const columns = Array.from({ length: this.width }, (_, i) => this.text(i))
    const twice = columns.find((name, i) => columns.indexOf(name) !== i)
    if (twice !== undefined) throw new Error(`the header names column ${twice} twice`)
    return columns
  }

  /** Finds the fields of the next record; false where it is not whole. Of an empty line there are none. */
  #scan(isLast: boolean): boolean {
    const bytes = this.#bytes
    const length = bytes.length
    let at = this.at
    if (at >= length) return false
    let [width, lines] = [0, 0]
    for (;;) {
      if (width === this.#starts.length) this.#widen()
      if (bytes[at] === QUOTE) {
        let isDoubled = false
        const start = ++at
        for (; ; at++) {
          if (at >= length) {
            if (isLast) throw new Error(`a quote is not closed, from line ${this.lines + 1}`)
            return false
          }
          const byte = bytes[at]
          if (byte === LINE_FEED) lines++
          if (byte !== QUOTE) continue
          // Whether it is doubled is not known before the next byte is.
          if (at + 1 >= length && !isLast) return false
          if (bytes[at + 1] !== QUOTE) break
          isDoubled = true
          at++
        }
        this.#starts[width] = start
        this.#ends[width] = at++
        this.#doubled[width] = isDoubled
        const isReturn = bytes[at] === RETURN
        if (!isLast && at + (isReturn ? 1 : 0) >= length) return false
        if (isReturn && (at + 1 >= length || bytes[at + 1] === LINE_FEED)) at++
        if (at < length && bytes[at] !== COMMA && bytes[at] !== LINE_FEED)
          throw new Error(`something follows a closing quote at line ${this.lines + lines + 1}`)
      } else {
        const start = at
        let byte = bytes[at]
        while (at < length && byte !== COMMA && byte !== LINE_FEED) {
          if (byte === QUOTE)
            throw new Error(`a quote stands inside a field at line ${this.lines + lines + 1}`)
          byte = bytes[++at]
        }
        if (at >= length && !isLast) return false
        const isEnd = at >= length || byte === LINE_FEED
        this.#starts[width] = start
        this.#ends[width] = isEnd && at > start && bytes[at - 1] === RETURN ? at - 1 : at
        this.#doubled[width] = false
      }
      width++
      if (at >= length || bytes[at] === LINE_FEED) return this.#ended(at, width, lines)
      at++
    }
  }

  #ended(at: number, width: number, lines: number): boolean {
    const isBlank =
      width === 1 && this.#starts[0] === this.#ends[0] && this.#bytes[this.#starts[0]! - 1] !== QUOTE
    this.at = at + 1
    this.lines += lines + 1
    this.line = this.lines
    this.width = isBlank ? 0 : width
    return true
  }

  #widen(): void {
    const [starts, ends] = [this.#starts, this.#ends]
    this.#starts = new Int32Array(starts.length * 2)
    this.#ends = new Int32Array(starts.length * 2)
    this.#starts.set(starts)
    this.#ends.set(ends)
  }
}
