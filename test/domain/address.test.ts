import { describe, expect, it } from 'vitest'
import { isAddress, normalAddress } from '../../src/domain/address.ts'

describe('an address', () => {
  it.each([
    ['anna@example.org', ' Anna@Example.ORG '],
    ['anna@example.org', 'mailto:anna@example.org'],
    ['anna@example.org', 'Anna Berg <anna@example.org>'],
    ['anna@example.org', '<anna@example.org>'],
    ['anna@example.org', 'anna@example.org.'],
    ['anna@example.org', 'an\u200bna@example.org'],
    ['+49170123456', '+49 (170) 123-456'],
    ['+49170123456', 'tel:+49-170/123.456'],
    ['0170123456', '0170 123456'],
    ['device-4f-a.b', 'Device-4F-a.b'],
  ])('is %s however it is written: %s', (normal, written) => {
    expect(normalAddress(written)).toBe(normal)
    expect(normalAddress(normal)).toBe(normal)
  })

  it('stays another one where it is another one', () => {
    const all = [
      'anna@example.org',
      'anna+x@example.org',
      'an.na@example.org',
      '+49170',
      '49170',
      'x-1',
      'x1',
    ]
    expect(new Set(all.map(normalAddress)).size).toBe(all.length)
  })

  it.each(['', ' ', '\u200b', '-', '<>', 'mailto:', '...', '+'])(
    'is none when nothing is left: %j',
    (text) => {
      expect(isAddress(text)).toBe(false)
    },
  )
})
