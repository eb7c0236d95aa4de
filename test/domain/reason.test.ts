import { describe, expect, it } from 'vitest'
import { REASONS, type ReasonCode, reason, reasonText, SLATE_CODES } from '../../src/domain/reason.ts'

const codes = Object.keys(REASONS) as ReasonCode[]

describe('a reason', () => {
  it('says its sentence with its values', () => {
    const given = reason('below_min_propensity', { propensity: 0.004, minimum: 0.01 })
    expect(reasonText(given)).toBe(
      'Propensity 0.004 is below the action’s minimum of 0.01; at or above it the action would be permitted.',
    )
  })

  it('shows a value that was forgotten instead of hiding it', () => {
    expect(reasonText(reason('chosen_elsewhere'))).toContain('{placement}')
  })

  it('says zero and the empty text as they are', () => {
    expect(reasonText(reason('below_min_propensity', { propensity: 0, minimum: 0.01 }))).toMatch(
      /^Propensity 0 is/,
    )
    expect(reasonText(reason('kind_not_asked', { kind: '' }))).not.toContain('{')
  })

  it('takes a value literally, braces and dollars too', () => {
    const given = reason('chosen_elsewhere', { placement: '$&{placement}' })
    expect(reasonText(given)).toBe(
      'Already chosen for placement $&{placement}; an action is shown once per answer.',
    )
  })
})

describe('every code', () => {
  it.each(codes)('%s has one sentence', (code) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(REASONS[code]).toMatch(/^\p{Lu}.*\.$/u)
  })

  it.each(Object.entries(SLATE_CODES))('%s of a slate has one sentence', (code, text) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(text).toMatch(/^\p{Lu}[^{}]*\.$/u)
  })
})
