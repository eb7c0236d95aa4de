import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/domain/language.ts'
import { OUTCOMES } from '../../src/domain/outcome.ts'
import { NOTHING_MORE, phrase, reason, type Values } from '../../src/domain/reason.ts'
import { CHANGES, OUTCOME_WORDS, PHRASES, REASONS, SLATE_CODES } from '../../src/domain/reason-sentences.ts'
import { changeText, reasonText, slateText, type Telling } from '../../src/domain/reason-text.ts'

const EN: Telling = { language: 'en', timeZone: 'Europe/Berlin' }
const DE: Telling = { ...EN, language: 'de' }

describe('a reason', () => {
  it('says its sentence with its values, in either language', () => {
    const given = reason('below_min_propensity', { propensity: 0.004, bound: NOTHING_MORE, minimum: 0.01 })
    expect(reasonText(given, EN)).toBe('Propensity 0.004 is below the action’s minimum of 0.01.')
    expect(reasonText(given, DE)).toBe('Die Neigung 0,004 liegt unter dem Mindestwert 0,01 der Aktion.')
  })

  it('shows a value that was forgotten instead of hiding it', () => {
    expect(reasonText(reason('chosen_elsewhere'), EN)).toContain('{placement}')
  })

  it('says zero and the empty text as they are', () => {
    expect(
      reasonText(reason('below_min_propensity', { propensity: 0, bound: NOTHING_MORE, minimum: 0.01 }), EN),
    ).toMatch(/^Propensity 0 is/)
    expect(reasonText(reason('kind_not_asked', { kind: '' }), EN)).not.toContain('{')
  })

  it('takes a value literally, braces and dollars too', () => {
    const given = reason('chosen_elsewhere', { placement: '$&{placement}' })
    expect(reasonText(given, EN)).toBe(
      'Already chosen for placement $&{placement}; an action is shown once per answer.',
    )
  })

  it('tells moments by the clock of the zone, rounded up to the minute', () => {
    const from = Date.parse('2026-11-01T08:59:00.001Z')
    expect(reasonText(reason('not_yet_valid', { from }), EN)).toBe('Valid only from 1 Nov 2026, 10:00.')
    expect(reasonText(reason('not_yet_valid', { from }), DE)).toBe('Gilt erst ab 1.11.2026, 10:00 Uhr.')
  })

  it('tells durations and outcomes in words, one and many', () => {
    const values: Values = {
      policy: 'said-no',
      outcome: 'reject',
      times: phrase('so_often', { times: 2, within: '1d' }),
      without: phrase('and_without', { without: 'click' }),
      duration: '10d',
      counted: phrase('per_action'),
      until: Date.parse('2026-12-01T09:00:00Z'),
      roughly: phrase('nothing'),
    }
    expect(reasonText(reason('suppressed', values), EN)).toBe(
      'Policy said-no: after a “no” (2 times within 1 day) without a click, silent for 10 days for this action, until 1 Dec 2026, 10:00.',
    )
    expect(reasonText(reason('suppressed', values), DE)).toBe(
      'Regel said-no: nach einem Nein (2-mal in 1 Tag) ohne Klick 10 Tage Pause für diese Aktion, bis 1.12.2026, 10:00 Uhr.',
    )
  })
})

describe('a change', () => {
  it('says what alone would admit', () => {
    const needs = { name: 'customer.age', op: '>=', wanted: 18 } as const
    expect(changeText({ kind: 'comparison', needs, is: 17 }, EN)).toBe(
      'It would be permitted if customer.age >= 18; customer.age is 17.',
    )
    expect(changeText({ kind: 'comparison', needs, is: undefined }, DE)).toBe(
      'Zulässig, wenn customer.age >= 18; customer.age ist nicht bekannt.',
    )
    expect(changeText({ kind: 'cap', policy: 'p', max: 4, is: 3 }, EN)).toBe(
      'It would be permitted if p allowed 4 instead of 3.',
    )
  })
})

describe('every code', () => {
  const codes = Object.entries({ ...REASONS, ...SLATE_CODES, ...CHANGES })
  it.each(codes)('%s has one sentence in each language, with the same values', (code, sentence) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    for (const language of LANGUAGES) expect(sentence[language]).toMatch(/^[\p{Lu}{].*\.$/u)
    const valuesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
    expect(valuesIn(sentence.de)).toEqual(valuesIn(sentence.en))
  })

  it.each(Object.entries(PHRASES))('phrase %s takes the same values in each language', (_, words) => {
    const valuesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
    expect(valuesIn(words.de)).toEqual(valuesIn(words.en))
  })

  it('of a slate needs no values', () => {
    for (const code of Object.keys(SLATE_CODES) as (keyof typeof SLATE_CODES)[])
      for (const telling of [EN, DE]) expect(slateText(code, telling)).not.toMatch(/[{}]/)
  })

  it('of an outcome has its words', () => {
    expect(Object.keys(OUTCOME_WORDS)).toEqual([...OUTCOMES])
  })
})
