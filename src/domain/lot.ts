import { sha256Hex } from './canonical-json.ts'

/** 64 bits as two 32-bit words: what names draw with, and what seeds are made into. */
export interface Lot {
  readonly high: number
  readonly low: number
}

/** Of a name: the first 64 bits of its SHA-256. */
export function lotOf(name: string): Lot {
  return firstBits(sha256Hex(name))
}

/** Of a hexadecimal seed of at least 16 digits. */
export function firstBits(hex: string): Lot {
  return { high: Number.parseInt(hex.slice(0, 8), 16), low: Number.parseInt(hex.slice(8, 16), 16) }
}

/** A hexadecimal seed of at least 16 digits as a number in (0, 1). */
export function unit(hex: string): number {
  const { high, low } = firstBits(hex)
  return toUnit(high, low)
}

/**
 * The lot that a name draws under a seed, in (0, 1): the same for the same three, and as good as independent for
 * others. Two rounds of MurmurHash3’s 32-bit finaliser over both words; seeds come out of HMACs already.
 * @param turn - 0, 1, 2 …: a new drawing under the same seed
 */
export function draw(seed: Lot, name: Lot, turn: number): number {
  const high = mix(name.high ^ mix((seed.high + Math.imul(turn, 0x9e3779b1)) | 0))
  const low = mix(name.low ^ mix(seed.low ^ high))
  return toUnit(mix(high ^ low) >>> 0, low >>> 0)
}

/** `fmix32` of MurmurHash3 (Austin Appleby, public domain). */
function mix(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** 52 bits, in the middle between two neighbours: never 0, never 1. */
function toUnit(high: number, low: number): number {
  return (high * 2 ** 20 + (low >>> 12) + 0.5) * 2 ** -52
}
