import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/domain/canonical-json.ts'
import { faultsOf } from './make-template.ts'

const CUSTOMER = 'customer.firstName, customer.age'

describe('a template at fault says what and where', () => {
  const cases: readonly [Json, ...string[]][] = [
    [
      'Hi {{customer.firstName',
      '@3 “{{” is never closed; close it with “}}”, or write {{"{{"}} for the two braces themselves',
    ],
    ['{{ }}', '@0 there is no name between “{{” and “}}”; name a value, such as {{action.id}}'],
    ['{{ | url}}', '@0 there is no name between “{{” and “}}”; name a value, such as {{action.id}}'],
    [
      '{{{action.id}}}',
      '@2 there is a brace between “{{” and “}}”; close each “{{” with “}}” before the next',
    ],
    [
      'a {{b {{action.id}}',
      '@6 there is a brace between “{{” and “}}”; close each “{{” with “}}” before the next',
    ],
    [
      '{{first name}}',
      '@0 “first name” is not a name; write a name such as action.id, and filters behind a “|”',
    ],
    ['{{"x"}}', '@0 “"x"” is not a name; write a name such as action.id, and filters behind a “|”'],
    ['{{custmer.firstName}}', '@0 there is no custmer.firstName; did you mean customer.firstName?'],
    [
      '{{customer.fistName}}',
      '@0 customer.fistName is not declared under types.customer; did you mean customer.firstName?',
    ],
    [
      '{{context.weather}}',
      '@0 context.weather is not declared under types.context; use one of context.city, context.basketValue',
    ],
    ['{{customer}}', '@0 customer is not a value by itself; name one of its fields: customer.…'],
    [
      '{{customer.firstName.length}}',
      `@0 there is no customer.firstName.length; use one of ${CUSTOMER}, customer.club, customer.constructor, context.city, context.basketValue, action.id, action.kind, action.tier, action.group, action.category, action.price and 4 more`,
    ],
    ['{{action.prize}}', '@0 no action that says this has an attribute prize; did you mean action.price?'],
    [
      '{{action.value}}',
      '@0 no action that says this has an attribute value; use one of action.id, action.kind, action.tier, action.group, action.category, action.price, action.size, action.organic',
    ],
    [
      '{{action.size}}',
      '@0 attribute size is not of the same type in all actions; give it one type everywhere',
    ],
    [
      '{{action.organic}}',
      '@0 action.organic is true or false, which is nothing to print; decide by a rule instead, and give each case a content of its own',
    ],
    [
      '{{customer.club}}',
      '@0 customer.club is true or false, which is nothing to print; decide by a rule instead, and give each case a content of its own',
    ],
    ['{{live.stok}}', '@0 there is no live.stok; did you mean live.stock?'],
    ['{{action.id | shout}}', '@14 there is no filter shout; use one of url, number, money, upper, lower'],
    ['{{action.id |}}', '@13 there is no filter behind “|”; use one of url, number, money, upper, lower'],
    [
      '{{action.id | constructor}}',
      '@14 there is no filter constructor; use one of url, number, money, upper, lower',
    ],
    [
      '{{action.id | money}}',
      '@14 the filter money is for numbers, and what action.id brings it is a text; take money away, or name a number',
    ],
    [
      '{{customer.firstName | number}}',
      '@23 the filter number is for numbers, and what customer.firstName brings it is a text; take number away, or name a number',
    ],
    [
      '{{live.price | money | number}}',
      '@23 the filter number is for numbers, and what live.price brings it is a text; take number away, or name a number',
    ],
    [
      '{{live.price | upper}}',
      '@15 the filter upper is for texts, and live.price is a number; take upper away; number and money print numbers',
    ],
    // Names that every object has never resolve, declared or not.
    [
      '{{customer.constructor}}',
      '@0 customer.constructor is not declared under types.customer; use one of customer.firstName, customer.age, customer.club',
    ],
    [
      '{{action.__proto__}}',
      '@0 no action that says this has an attribute __proto__; use one of action.id, action.kind, action.tier, action.group, action.category, action.price, action.size, action.organic',
    ],
    ['{{live.constructor}}', '@0 there is no live.constructor; use one of live.stock, live.price'],
    // Where it stands.
    [
      { a: ['x', { b: 'é😀{{}}' }] },
      'a.1.b@3 there is no name between “{{” and “}}”; name a value, such as {{action.id}}',
    ],
    [
      { 'x{{action.id}}': 'y' },
      'x{{action.id}}@1 there is a “{{” in a key, and keys are never templates; write the key out',
    ],
    // All at once.
    [
      ['{{}} {{action.id | shout | cry}} {{live.stok | loud}}', '{{'],
      '0@0 there is no name between “{{” and “}}”; name a value, such as {{action.id}}',
      '0@19 there is no filter shout; use one of url, number, money, upper, lower',
      '0@27 there is no filter cry; use one of url, number, money, upper, lower',
      '0@33 there is no live.stok; did you mean live.stock?',
      '0@47 there is no filter loud; use one of url, number, money, upper, lower',
      '1@0 “{{” is never closed; close it with “}}”, or write {{"{{"}} for the two braces themselves',
    ],
  ]
  test.each(cases)('%j', (content, ...faults) => expect(faultsOf(content)).toEqual(faults))

  test('content as deep as a well is refused, not followed', () => {
    let deep: Json = '{{action.id}}'
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(faultsOf(deep)).toEqual([
      `${Array(64).fill('0').join('.')}@0 the content is nested more than 64 levels deep; flatten it`,
    ])
  })
})

describe('an address in a field', () => {
  const encode = (key: string) =>
    `${key}@0 ${key} is an address, and action.id is not encoded for it; end it with the filter url: {{action.id | url}}`
  test.each(['url', 'imageUrl', 'HREF', 'deepLink', 'links', 'src', 'heroImage'])('%s is encoded', (key) => {
    expect(faultsOf({ [key]: '{{action.id}}' })).toEqual([encode(key)])
    expect(faultsOf({ [key]: '{{action.id | url | upper}}' })).toEqual([encode(key)])
    expect(faultsOf({ [key]: '/a/{{action.id | lower | url}}' })).toEqual([])
    expect(faultsOf({ [key]: { alt: '{{action.id}}' } })).toEqual([])
    expect(faultsOf({ [`${key}Text`]: '{{action.id}}' })).toEqual([])
  })

  test('every text of a list of addresses is one', () => {
    const remedy = 'end it with the filter url: {{live.stock | url}}'
    expect(faultsOf({ links: ['/a', '/{{live.stock}}'] })).toEqual([
      `links.1@1 links is an address, and live.stock is not encoded for it; ${remedy}`,
    ])
  })

  const host =
    'a value cannot stand in the host of an address; write the host out with a “/” behind it, such as https://shop.example/'
  const scheme =
    'a value cannot stand in the scheme of an address; write the start of the address out, such as https://shop.example/'
  const code = (name: string) =>
    `a value cannot stand in a ${name}: address; link to a page with https: and let it do the work`
  const X = '{{action.id | url}}'
  test.each([
    [`javascript:go('${X}')`, 15, code('javascript')],
    [` java\nScript:${X}`, 13, code('javascript')],
    [`\u0001vbscript:${X}`, 10, code('vbscript')],
    [`data:text/html,${X}`, 15, code('data')],
    [`${X}:alert(1)`, 0, scheme],
    [`java${X}:alert(1)`, 4, scheme],
    [`https://${X}`, 8, host],
    [`https://shop.example${X}/`, 20, host],
    [`https:${X}`, 6, host],
    [`https:/\t\\${X}`, 9, host],
    [`//${X}/a`, 2, host],
    [`/\\${X}`, 2, host],
    [`shop://${X}`, 7, host],
  ])('%j may not be steered', (address, offset, sentence) =>
    expect(faultsOf({ url: address })).toEqual([`url@${offset} ${sentence}`]),
  )

  test.each([
    X,
    `/${X}`,
    `/${X}/b:c`,
    `?q=${X}`,
    `#${X}`,
    `https://shop.example/${X}?a=${X}#${X}`,
    `mailto:${X}@shop.example`,
    `lindenhof:${X}`,
  ])('%s may be filled', (address) => expect(faultsOf({ url: address })).toEqual([]))
})
