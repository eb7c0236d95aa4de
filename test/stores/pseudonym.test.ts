import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pseudonym } from '../../src/stores/pseudonym.ts'

/** What every store that exists was keyed with. */
function plainly(secret: Uint8Array, text: string) {
  const digest = createHmac('sha256', secret).update(text).digest()
  return { key: digest.toString('base64url').slice(0, 21), bucket: digest.readUInt16BE(16) % 1024 }
}

describe('the pseudonym of a text', () => {
  it('is the HMAC that it always was, for every secret and text', () => {
    const secrets = fc.uint8Array({ maxLength: 200 })
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'binary', minLength: 500, maxLength: 530 }),
      fc.constant('\u{1f600}'.repeat(256)),
      fc.constant('\ud800'),
      fc.constant('ß'.repeat(513)),
    )
    fc.assert(
      fc.property(secrets, fc.array(texts, { minLength: 1, maxLength: 5 }), (secret, all) => {
        // Several with one secret: what the one leaves must not reach the next.
        for (const text of all) expect(pseudonym(secret, text)).toEqual(plainly(secret, text))
      }),
      { numRuns: 500 },
    )
  })
})
