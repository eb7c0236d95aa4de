/** IEEE 754 binary16, rounding to nearest even. Node 20 has no Float16Array. */
const f32 = new Float32Array(1)
const u32 = new Uint32Array(f32.buffer)

/** The 16 bits nearest to `value`; beyond ±65,519 they are an infinity. */
export function encodeF16(value: number): number {
  f32[0] = value
  if (f32[0] !== value) {
    // Rounding twice can miss the nearest; cut, with an odd last bit for what was lost, it cannot.
    if (Math.abs(f32[0]!) > Math.abs(value)) u32[0]!--
    u32[0]! |= 1
  }
  const bits = u32[0]!
  const sign = (bits >>> 16) & 0x8000
  const exponent = ((bits >>> 23) & 0xff) - 112
  const mantissa = bits & 0x7fffff
  if (exponent >= 31) return sign | 0x7c00 | (exponent === 143 && mantissa !== 0 ? 0x200 : 0)
  if (exponent <= 0) {
    if (exponent < -10) return sign
    const full = mantissa | 0x800000
    const shift = 14 - exponent
    return sign | roundShift(full, shift)
  }
  return sign | (roundShift((exponent << 23) | mantissa, 13) & 0x7fff)
}

/** The number that 16 bits stand for. */
export function decodeF16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 0x1f
  const mantissa = bits & 0x3ff
  if (exponent === 0) return sign * mantissa * 2 ** -24
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}

function roundShift(value: number, shift: number): number {
  const quotient = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return rest > half || (rest === half && (quotient & 1) === 1) ? quotient + 1 : quotient
}
