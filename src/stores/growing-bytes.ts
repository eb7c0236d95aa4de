/** Bytes that are written one after the other, as many as come. */
export interface GrowingBytes {
  byte(value: number): void
  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first. @throws RangeError for any other */
  count(value: number): void
  /** A whole number with a sign, small ones short. @throws RangeError beyond ±2^52 */
  difference(value: number): void
  raw(bytes: Uint8Array): void
  whole(): Uint8Array
}

export function makeGrowingBytes(): GrowingBytes {
  const bytes: number[] = []
  const count = (value: number) => {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('this is no count')
    let left = value
    for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push(0x80 | (left % 128))
    bytes.push(left)
  }
  return {
    byte: (value) => void bytes.push(value),
    count,
    difference: (value) => count(value < 0 ? -2 * value - 1 : 2 * value),
    raw: (some) => some.forEach((value) => void bytes.push(value)),
    whole: () => Uint8Array.from(bytes),
  }
}

/** Reads on and on what {@link GrowingBytes} wrote; reading past the end throws a RangeError. */
export class ByteReader {
  readonly #bytes: Buffer
  #next = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  byte(): number {
    const value = this.#bytes[this.#next++]
    if (value === undefined) throw new RangeError('the record ends too early')
    return value
  }

  count(): number {
    let value = this.byte()
    if (value < 0x80) return value
    value &= 0x7f
    for (let weight = 128; ; weight *= 128) {
      const more = this.byte()
      value += (more & 0x7f) * weight
      if (more < 0x80) break
    }
    if (!Number.isSafeInteger(value)) throw new RangeError('this is no count')
    return value
  }

  difference(): number {
    const value = this.count()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  raw(length: number): Buffer {
    const start = this.#next
    this.#next += length
    if (this.#next > this.#bytes.length) throw new RangeError('the record ends too early')
    return this.#bytes.subarray(start, this.#next)
  }

  text(length: number): string {
    const start = this.#next
    this.#next += length
    if (this.#next > this.#bytes.length) throw new RangeError('the record ends too early')
    return this.#bytes.toString('utf8', start, this.#next)
  }

  /** What was not read yet. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#next)
  }
}
