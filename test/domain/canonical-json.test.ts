import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, type Json, sha256Hex } from '../../src/domain/canonical-json.ts'

/** The same value with the keys of every object turned round. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner as Json)]),
  )
}

const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json)

describe('canonical JSON', () => {
  it('says the same as JSON', () => {
    fc.assert(fc.property(anyJson, (value) => isDeepStrictEqual(JSON.parse(canonicalJson(value)), value)))
  })

  it('does not depend on the order in which keys were written', () => {
    fc.assert(fc.property(anyJson, (value) => canonicalJson(value) === canonicalJson(reversed(value))))
  })

  it('is the same for equal values and for no others', () => {
    fc.assert(
      fc.property(
        anyJson,
        anyJson,
        (a, b) => (canonicalJson(a) === canonicalJson(b)) === isDeepStrictEqual(a, b),
      ),
    )
  })

  it.each<[string, Json, string]>([
    [
      'sorts keys by code unit, at every depth',
      { b: { z: 1, Z: 2, é: 3 }, a: null, 10: 0, 9: 0 },
      '{"10":0,"9":0,"a":null,"b":{"Z":2,"z":1,"é":3}}',
    ],
    ['keeps the order of lists', [3, 1, [2, 'x'], {}], '[3,1,[2,"x"],{}]'],
    ['writes strings as JSON does', 'Warme "Füße"\n\u2028\\', '"Warme \\"Füße\\"\\n\u2028\\\\"'],
    ['writes a lone surrogate as an escape', '\ud800', '"\\ud800"'],
    ['has one zero', -0, '0'],
    ['writes numbers in their shortest form', [1e21, 0.1, 1.0], '[1e+21,0.1,1]'],
  ])('%s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('leaves out what is undefined, like JSON', () => {
    expect(canonicalJson({ a: undefined, b: 1 } as unknown as Json)).toBe('{"b":1}')
  })
})

describe('the hash', () => {
  it('is SHA-256 in hexadecimal, of text as UTF-8 or of bytes', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(sha256Hex('Füße')).toBe(sha256Hex(new TextEncoder().encode('Füße')))
  })
})
