import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentStatement } from '../../src/domain/consent.ts'
import { addStatement } from '../../src/domain/consent-statements.ts'

const statement = (given: Partial<ConsentStatement> = {}): ConsentStatement => ({
  purpose: 'advertising',
  channel: 'email',
  address: null,
  state: 'refused',
  at: 100,
  toldAt: 1000,
  ...given,
})
const addAll = (statements: readonly ConsentStatement[]) =>
  statements.reduce<readonly ConsentStatement[]>(addStatement, [])

describe('addStatement', () => {
  it.each<[string, Partial<ConsentStatement>]>([
    ['purpose', { purpose: null }],
    ['channel', { channel: null }],
    ['address', { address: 'key' }],
    ['state', { state: 'granted' }],
    ['knowledge of its time', { at: null }],
  ])('keeps both when they differ in %s', (_, other) => {
    expect(addAll([statement(), statement(other)])).toEqual([statement(), statement(other)])
  })

  it.each<[string, Partial<ConsentStatement>, Partial<ConsentStatement>]>([
    ['told again later', { toldAt: 1000 }, { toldAt: 2000 }],
    ['made before', { at: 100 }, { at: 99, toldAt: 2000 }],
    ['of yes without a date', { state: 'granted', at: null }, { state: 'granted', at: null, toldAt: 2000 }],
    ['of no without a date that was told no later', { at: null }, { at: null, toldAt: 1000 }],
  ])('takes one %s for nothing new, and gives back the very same list', (_, known, told) => {
    const before = [statement(known)]
    expect(addStatement(before, statement(told))).toBe(before)
  })

  it.each<[string, Partial<ConsentStatement>, Partial<ConsentStatement>]>([
    ['made later', { at: 100 }, { at: 101 }],
    ['of no without a date that was told later', { at: null }, { at: null, toldAt: 1001 }],
  ])('puts one %s in the place of what is known', (_, known, told) => {
    const others = [statement({ channel: 'sms' }), statement({ channel: 'push' })] as const
    const before = [others[0], statement(known), others[1]]
    expect(addStatement(before, statement(told))).toEqual([others[0], statement(told), others[1]])
    expect(before[1]).toEqual(statement(known))
  })

  it('loses none that could decide, in whatever order they are told, and keeps few', () => {
    const any = fc.record({
      purpose: fc.constantFrom(null, 'advertising'),
      channel: fc.constantFrom(null, 'email'),
      address: fc.constantFrom(null, 'key'),
      state: fc.constantFrom('granted' as const, 'refused' as const),
      at: fc.option(fc.nat(5)),
      toldAt: fc.nat(5).map((after) => 5 + after),
    })
    const like = ({ purpose, channel, address, state }: ConsentStatement) =>
      JSON.stringify([purpose, channel, address, state])
    const age = ({ at, toldAt, state }: ConsentStatement) =>
      at ?? (state === 'refused' ? toldAt : Number.NEGATIVE_INFINITY)
    const newest = (statements: readonly ConsentStatement[]) => {
      const found = new Map<string, number>()
      for (const one of statements)
        found.set(like(one), Math.max(age(one), found.get(like(one)) ?? Number.NEGATIVE_INFINITY))
      return found
    }
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (told) => {
        const kept = addAll(told)
        expect(newest(kept)).toEqual(newest(told))
        expect(kept.length).toBeLessThanOrEqual(2 * newest(told).size)
        for (const one of kept) expect(told).toContain(one)
      }),
    )
  })
})
