import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/domain/canonical-json.ts'
import { Missing } from '../../src/domain/template.ts'
import { type Given, render, template, values } from './make-template.ts'

describe('a template is filled', () => {
  const cases: readonly [string, Json, Given, Json, string?][] = [
    ['a text', 'Hallo {{customer.firstName}}!', { customer: { firstName: 'Änne' } }, 'Hallo Änne!'],
    ['blanks around the name', '{{  context.city\n}}', { context: { city: 'Ulm' } }, 'Ulm'],
    ['what every action has', '{{action.id}} {{action.kind}} {{action.tier}}', {}, 'boots offer marketing'],
    ['the group', '{{action.group}}', { action: { group: 'shoes' } }, 'shoes'],
    [
      'an attribute does not replace what every action has',
      '{{action.id}}',
      { attributes: { id: 'other' } },
      'boots',
    ],
    [
      'a number, plainly',
      '{{live.stock}} {{live.price}}',
      { live: { stock: 1234567, price: 0.1 } },
      '1234567 0.1',
    ],
    ['zero is a value', '{{live.stock}}', { live: { stock: 0 } }, '0'],
    ['number', '{{live.stock | number}}', { live: { stock: 1234567.5 } }, '1.234.567,5'],
    ['number elsewhere', '{{live.stock | number}}', { live: { stock: 1234567.5 } }, '1,234,567.5', 'en-gb'],
    ['money', '{{action.price | money}}', { attributes: { price: 1089.9 } }, '1.089,90\u00a0€'],
    [
      'money elsewhere',
      '{{action.price | money}}',
      { attributes: { price: 1089.9 }, currency: 'JPY' },
      '¥1,090',
      'en',
    ],
    ['upper', '{{customer.firstName | upper}}', { customer: { firstName: 'weiß i' } }, 'WEISS I'],
    ['upper elsewhere', '{{customer.firstName | upper}}', { customer: { firstName: 'i' } }, 'İ', 'tr'],
    ['lower', '{{customer.firstName | lower}}', { customer: { firstName: 'ÄNNE' } }, 'änne'],
    [
      'url',
      '{{customer.firstName | url}}',
      { customer: { firstName: 'a/b?c d&é' } },
      'a%2Fb%3Fc%20d%26%C3%A9',
    ],
    ['filters in their order', '{{context.city | lower | url}}', { context: { city: 'ULM/A' } }, 'ulm%2Fa'],
    ['half a surrogate pair', '{{context.city | url}}', { context: { city: 'a\ud800' } }, 'a%EF%BF%BD'],
    ['braces', '{{"{{"}}x}} {{ "{{" }}{{action.id}}}', {}, '{{x}} {{boots}'],
    ['braces in a value stay', '{{context.city}}', { context: { city: '{{action.id}}' } }, '{{action.id}}'],
    ['a value of JSON stays as it is', '{{context.city}}', { context: { city: '"<\n&' } }, '"<\n&'],
    [
      'all of the content',
      { a: ['{{action.id}}', 1, null], b: { c: 'x', d: true } },
      {},
      { a: ['boots', 1, null], b: { c: 'x', d: true } },
    ],
    ['a locale that is none', '{{live.price | money}}', { live: { price: 5 } }, '€5.00', 'de-1'],
    ['a language that nobody knows', '{{live.stock | number}}', { live: { stock: 1234 } }, '1,234', 'xx'],
    ['a currency that is none', '{{live.price | money}}', { live: { price: 5 }, currency: '?' }, '5 ?'],
  ]
  test.each(cases)('%s', (_, content, given, expected, locale) =>
    expect(render(content, 'json', given, locale)).toEqual(expected),
  )

  test('line breaks and control characters of a value are spaces in a text', () => {
    const city = 'a\r\nBcc: b\u2028c\u0000d\u0085e\tf'
    expect(render('x\n{{context.city}}', 'text', { context: { city } })).toBe('x\na Bcc: b c d e f')
  })

  test('a key __proto__ is a key like any other', () => {
    const filled = render(JSON.parse('{"__proto__": {"a": "{{action.id}}"}}'), 'json', {})
    expect(JSON.stringify(filled)).toBe('{"__proto__":{"a":"boots"}}')
    expect(Object.getPrototypeOf(filled)).toBe(Object.prototype)
  })
})

describe('a name without a value', () => {
  const inherited = Object.create({ firstName: 'Eve' })
  const cases: readonly [string, string, Given, string][] = [
    ['is missing when absent', '{{customer.firstName}}', {}, 'customer.firstName'],
    [
      'is missing when empty',
      '{{customer.firstName}}',
      { customer: { firstName: '' } },
      'customer.firstName',
    ],
    [
      'is missing when blank',
      '{{customer.firstName}}',
      { customer: { firstName: ' \u200b\n' } },
      'customer.firstName',
    ],
    ['is missing when inherited', '{{customer.firstName}}', { customer: inherited }, 'customer.firstName'],
    [
      'is missing when of another type',
      '{{customer.age | number}}',
      { customer: { age: '7' } },
      'customer.age',
    ],
    [
      'is missing when no number',
      '{{context.basketValue}}',
      { context: { basketValue: Number.NaN } },
      'context.basketValue',
    ],
    ['is missing in an action without group', '{{action.group}}', {}, 'action.group'],
    ['is missing when never told', '{{live.price | money}}', {}, 'live.price'],
    ['is the first of several', '{{action.id}} {{live.price}} {{live.stock}}', {}, 'live.price'],
  ]
  test.each(cases)('%s', (_, content, given, name) => {
    expect(render(content, 'json', given)).toEqual(new Missing(name))
    expect(render({ a: [{ b: content }], c: 'x' }, 'json', given)).toBeInstanceOf(Missing)
  })

  test('content may look like it', () => {
    expect(render({ name: '{{action.id}}' }, 'json', {})).not.toBeInstanceOf(Missing)
  })
})

describe('what a template tells of itself', () => {
  test('every name it reads', () => {
    const { reads, isStatic } = template({
      a: '{{live.price | money}} {{live.price}}',
      b: ['{{customer.age}}'],
    })
    expect([...reads]).toEqual(['live.price', 'customer.age'])
    expect(isStatic).toBe(false)
  })

  test.each(['json', 'text', 'html'] as const)('static %s is the very object', (contentType) => {
    const content = { a: ['x', { b: 'y }} {' }], url: 'javascript:0', c: null }
    const compiled = template(content, contentType)
    expect([compiled.isStatic, compiled.reads.size]).toEqual([true, 0])
    expect(compiled.render(values(), 'de')).toBe(content)
  })

  test('parts without names are not copied', () => {
    const still = { deep: ['x'] }
    const filled = render({ still, moving: '{{action.id}}' }, 'json', {}) as { still: Json }
    expect(filled.still).toBe(still)
  })

  test('written braces alone leave it static', () => {
    const compiled = template({ a: ['{{"{{"}}'] })
    expect(compiled.isStatic).toBe(true)
    expect(compiled.render(values(), 'de')).toEqual({ a: ['{{'] })
    expect(compiled.render(values(), 'de')).toBe(compiled.render(values(), 'de'))
  })
})

test('rendering never throws', () => {
  const compiled = template([
    '{{customer.firstName | upper}} {{customer.firstName | lower | url}}',
    '{{live.price | money}} {{live.stock | number}} {{customer.age}}',
  ])
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'a') }),
      fc.double(),
      fc.string(),
      fc.string(),
      (text, broken, price, locale, currency) => {
        const given = {
          customer: { firstName: text + broken, age: price },
          live: { price, stock: price },
          currency,
        }
        compiled.render(values(given), locale)
      },
    ),
  )
})
