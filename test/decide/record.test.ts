import { describe, expect, it } from 'vitest'
import { decisionIn, recordOf, requestHash } from '../../src/decide/record.ts'
import { canonicalJson, type Json, sha256Hex } from '../../src/domain/canonical-json.ts'
import { toDecisionReply } from '../../src/http/schemas/decision.ts'
import { CASES, decideCase } from './case.ts'
import { makeFakeStore } from './fake-store.ts'
import { ask } from './make-house.ts'

describe('the record of a decision', () => {
  it.each(CASES)('tells its answer again: %s', async (_, one) => {
    const decision = await decideCase(one)
    const request = ask({ requestId: 'r-1', explain: 'none' })
    const told = JSON.stringify(toDecisionReply(decision, request))
    expect(JSON.stringify(toDecisionReply(decisionIn(recordOf(decision)), request))).toBe(told)
  })

  it('says that it is told again, and explains nothing any more', async () => {
    const [, one] = CASES[0]!
    const decision = await decideCase({ ...one, request: { ...one.request, explain: 'full' } })
    expect(decision.isRepeated).toBe(false)
    expect(decision.verdicts.length).toBeGreaterThan(0)
    const again = decisionIn(recordOf(decision))
    expect(again).toMatchObject({ isRepeated: true, verdicts: [], customerFirst: null })
    expect('explanation' in toDecisionReply(again, ask({ explain: 'full' }))).toBe(false)
  })

  it('is of no format that is to come', () => {
    expect(() => decisionIn(Buffer.from('{"format":2}'))).toThrow('format 2')
  })
})

describe('what a request asks for', () => {
  it('is the same under another name and with more patience, and nothing else is', () => {
    const store = makeFakeStore()
    const hash = requestHash(ask(), store)
    expect(requestHash(ask({ requestId: 'r', deadlineMs: 900 }), store)).toBe(hash)
    const others = [
      { customer: 'c-2' },
      { sessionId: 's' },
      { channel: 'app' },
      { context: { intent: 'return' } },
      { slates: { hero: 2 } },
      { reserve: 'none' },
      { contactAt: 1 },
      { locale: 'de' },
      { exclude: ['a'] },
      { include: ['a'] },
      { address: 'a@example.org' },
      { explain: 'codes' },
    ]
    const hashes = others.map((other) => requestHash(ask(other), store))
    expect(new Set([hash, ...hashes]).size).toBe(others.length + 1)
  })

  it('is told to nobody who does not have the secret of the store', () => {
    const request = ask({ customer: 'c-1', address: 'a@example.org' })
    const { requestId: _, deadlineMs: __, ...asked } = request
    const guessed = sha256Hex(canonicalJson(asked as unknown as Json))
    expect(requestHash(request, makeFakeStore())).not.toBe(guessed)
    expect(requestHash(request, { hmac: (text) => `keyed ${text.length}` })).toMatch(/^keyed \d+$/)
  })
})
