import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../src/domain/canonical-json.ts'
import { draw, firstBits, type Lot, lotOf, unit } from '../../../src/domain/lot.ts'
import { dependence, TOO_FAR, unevenness } from './statistics.ts'

const MANY = 100_000
const numbers = Array.from({ length: MANY }, (_, i) => i)
const names = numbers.map((i) => lotOf(`a${i}`))
const seeds = numbers.map((i) => firstBits(sha256Hex(`seed ${i}`)))
const [name, seed] = [names[0]!, seeds[0]!]

const next = ({ high, low }: Lot): Lot => ({ high, low: (low + 1) >>> 0 })
const above = ({ high, low }: Lot): Lot => ({ high: (high + 1) >>> 0, low })

/** How many fall into each of so many cells. */
function cells(count: number, places: Iterable<number>): number[] {
  const counts = Array.from({ length: count }, () => 0)
  for (const place of places) counts[Math.floor(place)]!++
  return counts
}

/** All that is drawn from: over names, over seeds, over turns. */
const DRAWINGS: readonly [string, readonly number[]][] = [
  ['names', names.map((one) => draw(seed, one, 0))],
  ['names, in a later turn', names.map((one) => draw(seed, one, 7))],
  ['seeds', seeds.map((one) => draw(one, name, 1))],
  ['turns', numbers.map((turn) => draw(seed, name, turn))],
  ['seeds that are counted up', numbers.map((i) => draw({ high: 0, low: i }, name, 1))],
  ['names that are counted up', numbers.map((i) => draw(seed, { high: i, low: 0 }, 1))],
]

const PAIRS: readonly [string, (i: number) => readonly [number, number]][] = [
  ['one turn and the next, of many names', (i) => [draw(seed, names[i]!, 0), draw(seed, names[i]!, 1)]],
  ['one turn and the next, of one name', (i) => [draw(seed, name, i), draw(seed, name, i + 1)]],
  ['two turns later', (i) => [draw(seeds[i]!, name, 1), draw(seeds[i]!, name, 3)]],
  ['a seed and the next', (i) => [draw(seeds[i]!, name, 1), draw(next(seeds[i]!), name, 1)]],
  ['a seed and the one above', (i) => [draw(seeds[i]!, name, 1), draw(above(seeds[i]!), name, 1)]],
  [
    'seeds that are counted up',
    (i) => [draw({ high: 0, low: i }, name, 0), draw({ high: 0, low: i + 1 }, name, 0)],
  ],
  ['two names under many seeds', (i) => [draw(seeds[i]!, name, 1), draw(seeds[i]!, names[1]!, 1)]],
  ['a name and the next word', (i) => [draw(seed, names[i]!, 1), draw(seed, next(names[i]!), 1)]],
  ['a lot and its seed', (i) => [draw(seeds[i]!, name, 0), seeds[i]!.high / 2 ** 32]],
  ['a lot and its name', (i) => [draw(seed, names[i]!, 0), names[i]!.low / 2 ** 32]],
]

describe('lots', () => {
  it.each(DRAWINGS)('fall evenly over %s', (_, drawn) => {
    expect(
      unevenness(
        cells(
          64,
          drawn.map((at) => at * 64),
        ),
      ),
    ).toBeLessThan(TOO_FAR)
    // The last bits as well.
    expect(
      unevenness(
        cells(
          64,
          drawn.map((at) => (at * 2 ** 40 * 64) % 64),
        ),
      ),
    ).toBeLessThan(TOO_FAR)
    expect(new Set(drawn).size).toBe(MANY)
  })

  it.each(PAIRS)('know nothing of each other: %s', (_, pairOf) => {
    const pairs = numbers.map(pairOf)
    expect(dependence(pairs)).toBeLessThan(TOO_FAR)
    const squares = pairs.map(([one, other]) => Math.floor(one * 8) * 8 + Math.floor(other * 8))
    expect(unevenness(cells(64, squares))).toBeLessThan(TOO_FAR)
  })

  it('are the same for the same seed, name and turn', () => {
    expect(draw({ ...seed }, lotOf('a0'), 3)).toBe(draw(seed, name, 3))
  })

  it('are never 0 and never 1', () => {
    for (const [, drawn] of DRAWINGS)
      for (const lot of drawn) if (!(lot > 0 && lot < 1)) expect(lot).toBe('between 0 and 1')
    expect(unit('0'.repeat(16))).toBeGreaterThan(0)
    expect(unit('f'.repeat(16))).toBeLessThan(1)
  })
})

describe('a seed as a number', () => {
  it('is what its digits say, from none to all', () => {
    expect(unit('8'.padEnd(64, '0'))).toBeCloseTo(0.5, 15)
    expect(unit('4000000000000000ffff')).toBeCloseTo(0.25, 15)
    expect(unit('00000000ffffffff')).toBeCloseTo(2 ** -32, 15)
  })

  it('falls evenly', () => {
    expect(
      unevenness(
        cells(
          64,
          numbers.map((i) => unit(sha256Hex(`${i}`)) * 64),
        ),
      ),
    ).toBeLessThan(TOO_FAR)
  })
})
