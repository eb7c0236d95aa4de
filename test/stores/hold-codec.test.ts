import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHold, encodeHold } from '../../src/stores/hold-codec.ts'
import { anyHold } from './any-hold.ts'

describe('a hold as text', () => {
  it('comes back as it was, from text and from bytes', () => {
    fc.assert(
      fc.property(anyHold, (hold) => {
        const text = encodeHold(hold)
        expect(decodeHold(text)).toEqual(hold)
        expect(decodeHold(Buffer.from(text))).toEqual(hold)
      }),
    )
  })

  it('is its format and JSON with everything spelled out', () => {
    const text = encodeHold({
      contact: {
        facts: {
          channel: 'web',
          placement: 'home-hero',
          action: 'mug',
          group: undefined,
          tier: 'marketing',
          kind: 'offer',
        },
        ref: '0123456789abcdef',
        at: 1_000,
        heldUntil: 2_000,
        outcomes: [],
      },
      session: null,
      confirmOn: 'impression',
      units: [{ volume: 'mugs', period: '2026-11' }],
    })
    expect(text).toBe(
      '1{"ref":"0123456789abcdef","at":1000,"until":2000,"facts":{"channel":"web","placement":"home-hero",' +
        '"action":"mug","tier":"marketing","kind":"offer"},"session":null,"confirmOn":"impression",' +
        '"units":[{"volume":"mugs","period":"2026-11"}]}',
    )
  })

  it('is nothing else', () => {
    const [hold] = fc.sample(anyHold, 1)
    const text = encodeHold(hold!)
    for (const other of ['', '1', '1{}', `2${text.slice(1)}`, text.slice(1), text.slice(0, -1)])
      expect(() => decodeHold(other), other).toThrow()
    const outcomes = [{ type: 'sent' as const, at: 1 }]
    expect(() => encodeHold({ ...hold!, contact: { ...hold!.contact, outcomes } })).toThrow(RangeError)
  })
})
