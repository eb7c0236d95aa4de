import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { type RuleFault, type RuleScope, Undecided } from '../../src/domain/rule.ts'
import { compileCondition, compileQuantity } from '../../src/rules/compile-rule.ts'
import { chanceOf } from './chance.ts'
import { expression } from './expressions.ts'
import { conditionOf, contextOf, type Given, SCOPE, told } from './scope.ts'

const CUSTOMERS =
  'use one of customer.age, customer.visits, customer.score, customer.country, customer.name, customer.joined, customer.vip, customer.optedIn, customer.constructor'
const SIMPLER = 'make the rule simpler, or split it'
const DEEP = ['this rule is nested too deeply', 'make it simpler, or split it'] as const
const NUMBER = ['this is no number', 'write it like 12, 0.5 or 1e6'] as const
const BACKSLASH = ['this text has a backslash that means nothing', 'write \\\\ for a backslash'] as const
const UNCLOSED = ['this text has no closing quote', 'close it with the quote it begins with'] as const
const INVISIBLE = ['an invisible character stands here', 'delete it, or write a plain space'] as const
const QUOTE = ['this is a typographic quote', 'use " or \''] as const
const NO_TIME = [
  'this is a text that is no RFC 3339 time',
  'write it like timestamp("2026-12-24T00:00:00Z")',
] as const
const ones = (many: number) => Array.from({ length: many }, () => '1').join(', ')

/** One fault each, at a zero-based offset in UTF-16 units. */
const FAULTS: readonly (readonly [rule: string, offset: number, what: string, remedy: string])[] = [
  // Reading
  [' \n', 0, 'this rule is empty', 'write a condition, or leave the key out'],
  [`${' '.repeat(9_990)}1 == 1 || 2`, 10_000, 'a rule has at most 10000 characters', 'shorten it'],
  ['customer.age = 18', 13, '"=" compares nothing', 'write == for equal'],
  ['customer.vip & true', 13, '"&" is no operator', 'write && for and'],
  ['customer.vip | true', 13, '"|" is no operator', 'write || for or'],
  ['customer.age <> 18', 14, '"<>" is no operator', 'write != for not equal'],
  ['customer.vip AND customer.optedIn', 13, '"and" is no operator', 'write && for and'],
  ['customer.vip or customer.optedIn', 13, '"or" is no operator', 'write || for or'],
  ['customer.vip && not customer.vip', 16, '"not" is no operator', 'write ! for not'],
  ['customer.country not in ["DE"]', 17, '"not" is no operator', 'write ! for not'],
  ['customer.country IN ["DE"]', 17, '"in" is written in small letters', 'write in'],
  ['customer.age is 18', 13, '"is" is no operator', 'write == for equal'],
  ['customer.age > .5', 15, 'a number begins with a digit', 'write 0.5 for .5'],
  ['customer.country == “DE”', 20, ...QUOTE],
  ['customer.country == ‚DE‘', 20, ...QUOTE],
  ['customer.age\u00a0> 18', 12, ...INVISIBLE],
  ['customer.age\u0000> 18', 12, ...INVISIBLE],
  ['customer.country == "DE', 20, ...UNCLOSED],
  ["customer.country == '''DE''", 20, ...UNCLOSED],
  ['"a\nb" == "a"', 2, 'this text goes over the end of its line', 'write \\n, or put it in three quotes'],
  ['customer.name == "a\\d"', 19, ...BACKSLASH],
  ['customer.name == "\\u12"', 18, ...BACKSLASH],
  ['customer.name == "\\ud800"', 18, 'this is half a character', 'write the whole one'],
  ['"😀" == “😀”', 8, ...QUOTE],
  [
    '"😀" == customer.nam',
    8,
    'customer.nam is not declared under types.customer',
    'did you mean customer.name?',
  ],
  ['customer.age > 1e400', 15, ...NUMBER],
  ['customer.age > 1e+ ', 18, ...NUMBER],
  ['customer.age > 0x', 15, ...NUMBER],
  ['customer.vip &&', 15, 'the rule ends too early', 'complete it, or close what is open'],
  ['customer.age > 18 years', 18, 'the rule cannot be read from "years" on', 'correct it here'],
  [
    'customer.vip 😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀',
    13,
    'the rule cannot be read from "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀…" on',
    'correct it here',
  ],
  ['\ud800 == 1', 0, 'the rule cannot be read from "\ud800 == 1" on', 'correct it here'],
  ['let x = 1', 0, '"let" is reserved by CEL', 'use another name'],
  ['__proto__', 0, '"__proto__" is reserved by CEL', 'use another name'],
  ['[1].exists(1, true)', 11, 'a variable is needed here', 'write a name, as x in exists(x, x > 1)'],
  [`customer.age in [${ones(600)}]`, 1517, 'this list has more than 500 elements', SIMPLER],
  ['size(1, 2, 3, 4, 5, 6, 7, 8, 9)', 29, 'this has too many arguments', SIMPLER],
  [Array.from({ length: 1100 }, () => 'true').join('||'), 0, 'the rule has more than 2000 parts', SIMPLER],
  ['('.repeat(9_999), 64, ...DEEP],
  ['!'.repeat(1_500).concat('true'), 0, ...DEEP],
  [
    Array.from({ length: 300 }, () => '1')
      .join('+')
      .concat('>1'),
    0,
    ...DEEP,
  ],
  // Literals
  [
    'customer.age > 9007199254740993',
    15,
    'this number is too large to be exact',
    'write it with a decimal point',
  ],
  ['customer.age == null', 16, 'null is not part of this rule language', 'ask with has(customer.age)'],
  ['b"a" == "a"', 0, 'bytes are not part of this rule language', 'write a text'],
  ['1u == 1', 0, 'there is one kind of number here', 'write it without the u'],
  ['{"a": 1, "b": 2} == 1', 0, 'maps are not part of this rule language', 'compare field by field'],
  [
    'customer.?age > 1',
    0,
    'optional fields are not part of this rule language',
    'ask with has(customer.age)',
  ],
  // Names
  [
    'colour > 18',
    0,
    'there is no colour',
    'use one of customer, features, context, channel, placement, action, live, now; a text stands in quotes',
  ],
  ['age > 18', 0, 'there is no age', 'did you mean customer.age?; a text stands in quotes'],
  ['costumer.age > 18', 0, 'there is no costumer', 'did you mean customer?; a text stands in quotes'],
  ['customer == 1', 0, 'customer is not a value by itself', 'name one of its fields: customer.…'],
  ['customer.__proto__ == "x"', 0, 'customer.__proto__ is not declared under types.customer', CUSTOMERS],
  ['customer.toString == "x"', 0, 'customer.toString is not declared under types.customer', CUSTOMERS],
  ['customer.age.years > 1', 0, 'this has no fields', 'fields are named like customer.age'],
  ['channel.name == "web"', 0, 'channel has no fields', 'write channel alone'],
  ['features.return_rate > 1', 0, 'no feature is called return_rate', 'did you mean features.returns_rate?'],
  ['live.constructor > 1', 0, 'there is no live.constructor', 'use one of live.stock, live.price'],
  [
    'action.__proto__ == "a"',
    0,
    'no action that this rule is for has an attribute __proto__',
    'use one of action.id, action.kind, action.tier, action.group, action.category, action.price, action.sale, action.size',
  ],
  [
    'action.size == 1',
    0,
    'attribute size is not of the same type in all actions',
    'give it one type everywhere, or name it in rules of single actions only',
  ],
  ['channel == "wbe"', 11, 'no channel is called "wbe"', 'did you mean web?'],
  ['"wbe" != channel', 0, 'no channel is called "wbe"', 'did you mean web?'],
  [
    'placement in ["home-hero", "hom-hero"]',
    27,
    'no placement is called "hom-hero"',
    'did you mean home-hero?',
  ],
  ['action.id == "winterboots"', 13, 'no action is called "winterboots"', 'did you mean winter-boots?'],
  ['action.group == "coats"', 16, 'no group is called "coats"', 'use one of shoes'],
  ['action.kind == "offr"', 15, 'no kind is called "offr"', 'did you mean offer?'],
  ['action.tier == "marketin"', 15, 'no tier is called "marketin"', 'did you mean marketing?'],
  // Types
  ['customer.age', 0, 'a rule must be true or false, this is a number', 'compare it with something'],
  [
    'customer.vip && customer.age',
    16,
    '"&&" needs true or false here, this is a number',
    'compare it: … > 0',
  ],
  ['!customer.name', 1, '"!" needs true or false here, this is a string', 'compare it: … == "…"'],
  ['now || true', 0, '"||" needs true or false here, this is a timestamp', 'compare it: … == …'],
  ['customer.vip ? 1 : "a"', 19, '"? :" gives a number or a string', 'let both be of one type'],
  ['customer.age > "18"', 15, '">" compares a number with a string', 'compare like with like'],
  ['["a"] < ["b"]', 0, '"<" has no meaning for a list of string', 'compare with == or !='],
  ['customer.age in 5', 16, '"in" needs a list, this is a number', 'write one such as ["a", "b"]'],
  ['customer.age in ["a"]', 0, '"in" looks for a number in a list of string', 'compare like with like'],
  ['[1, "a"] == [1]', 4, 'a list of number holds a string', 'let all elements be of one type'],
  [
    'customer.name["a"] == 1',
    0,
    'a string has no element at a string',
    'fields are named with a dot: customer.age',
  ],
  [
    'customer.age % 2 == 0',
    0,
    '"%" is for whole numbers, and numbers here are not',
    'write the condition without it',
  ],
  [
    'customer.name + 1 == "a"',
    0,
    '"+" has no meaning for a string and a number',
    'write string(…) around the number',
  ],
  [
    'now + 1 > now',
    0,
    '"+" has no meaning for a timestamp and a number',
    'write duration("24h") for a length of time',
  ],
  [
    'now + now > now',
    0,
    '"+" has no meaning for a timestamp and a timestamp',
    'subtract them for the time between',
  ],
  ['true + false', 0, '"+" has no meaning for a bool and a bool', 'convert one of them'],
  ['-customer.name == "a"', 0, '"-" has no meaning for a string', 'leave it out'],
  // Functions
  ['size(customer.age) > 1', 0, 'size() is not for a number', 'it is for a string or a list'],
  ['size() > 1', 0, 'size() is not for nothing', 'it is for a string or a list'],
  [
    'customer.age.getHours("UTC") > 1',
    0,
    'getHours() is not for a number and a string',
    'it is for a duration or a timestamp',
  ],
  [
    'now.getHours() > 9',
    0,
    'getHours() without a time zone would be in UTC',
    'name the zone: getHours("Europe/Berlin"), or "UTC" if that is meant',
  ],
  [
    'now.getHours(customer.name) > 9',
    0,
    'getHours() takes one time zone, written out',
    'write getHours("Europe/Berlin")',
  ],
  [
    'now.getHours("Mars/Olympus") > 9',
    0,
    'there is no time zone "Mars/Olympus"',
    'use an IANA name: getHours("Europe/Berlin")',
  ],
  [
    'now.getHours("+24:00") > 9',
    0,
    'there is no time zone "+24:00"',
    'use an IANA name: getHours("Europe/Berlin")',
  ],
  ['timestamp("2026-02-30T00:00:00Z") < now', 0, ...NO_TIME],
  ['timestamp("2026-02-03T24:00:00Z") < now', 0, ...NO_TIME],
  ['timestamp("2026-02-03T12:00:00") < now', 0, ...NO_TIME],
  ['timestamp("0000-02-03T12:00:00Z") < now', 0, ...NO_TIME],
  [
    'duration("7d") > duration("1h")',
    0,
    'this is a text that is no duration',
    'write it like duration("72h") or duration("1h30m"); a day is 24h',
  ],
  ['int("1.5") > 1', 0, 'this is a text that is no number', 'write the number itself'],
  ['int(1e999 - 1) > 1', 4, ...NUMBER],
  ['int(double("1e999")) > 1', 0, 'this is a number without end', 'write the number itself'],
  [
    'customer.name.matches("(a+)+$")',
    0,
    'matches() is not offered: a pattern can take for ever',
    'use startsWith, endsWith, contains or "in"',
  ],
  [
    'contains(customer.name, "a")',
    0,
    'contains() stands at the wrong place',
    'write it after its value: x.contains(…)',
  ],
  [
    'customer.name.string() == "a"',
    0,
    'string() stands at the wrong place',
    'write it before its value: string(x)',
  ],
  ['customer.name.startWith("a")', 0, 'there is no method startWith()', 'did you mean startsWith?'],
  [
    'constructor(customer.name) == "a"',
    0,
    'there is no function constructor()',
    'use one of size, string, double, int, timestamp, duration, has',
  ],
  [
    'now.lower("UTC")',
    0,
    'there is no method lower()',
    'use one of size, contains, startsWith, endsWith, getFullYear, getMonth, getDate, getDayOfMonth, getDayOfWeek, getDayOfYear, getHours, getMinutes and 6 more',
  ],
  ['[1].exists(x)', 0, 'exists() takes a variable and what is to be said of it', 'write exists(x, x > 1)'],
  ['[1].exists(now, true)', 11, 'now is the name of something else', 'use another variable'],
  ['[1].all(x, [1].all(x, x > 1))', 19, 'x is the name of something else', 'use another variable'],
  ['customer.name.exists(x, true)', 0, 'exists() is not for a string', 'it is for lists such as [1, 2]'],
  ['[1].all(x, x)', 11, 'all() needs true or false here, this is a number', 'compare it: … > 0'],
  ['has(1)', 0, 'has() asks for one field', 'write it like has(customer.age)'],
  // Costs
  [
    '[1].all(a, [1].all(b, [1].all(c, a == b)))',
    0,
    'more than 2 loops stand inside one another',
    'write it flatter',
  ],
  [
    `[${ones(200)}].all(a, [${ones(200)}].all(b, a == b))`,
    0,
    'this may take 200601 steps, and 10000 are allowed',
    'use shorter lists',
  ],
]

/** Faults that depend on where a rule stands. */
const ELSEWHERE: readonly (readonly [string, Partial<RuleScope>, string, string])[] = [
  [
    'live.stock > 0',
    { roots: new Set(['customer', 'now']) },
    'live means nothing here',
    'this rule may name customer, now',
  ],
  [
    'customer.age > 0',
    { customer: new Map() },
    'customer.age is not declared under types.customer',
    'declare it under types.customer',
  ],
  ['features.a > 0', { features: new Set() }, 'no feature is called a', 'load a feature set that has it'],
  [
    '"web" == channel',
    { ids: { ...SCOPE.ids, channel: new Set() } },
    'no channel is called "web"',
    'declare it',
  ],
]

/** What is found out only when a rule is evaluated. */
const FAILURES: readonly (readonly [rule: string, given: Given, failed: string])[] = [
  ['[1, 2][int(customer.age)] > 0', { customer: { age: 2 } }, 'an index outside of its list'],
  ['[1, 2][customer.age] > 0', { customer: { age: 0.5 } }, 'an index outside of its list'],
  [
    'timestamp(customer.joined) < now',
    { customer: { joined: 'long ago' } },
    'a text that is no RFC 3339 time',
  ],
  [
    'duration(customer.name) > duration("1h")',
    { customer: { name: '1 hour' } },
    'a text that is no duration',
  ],
  ['double(customer.name) > 1', { customer: { name: '0x10' } }, 'a text that is no number'],
  ['int(customer.age / 0) > 1', { customer: { age: 1 } }, 'a number without end'],
  ['customer.age > 1', { customer: { age: '18' } }, 'customer.age is no number'],
  [
    '(now + duration("2500000h")).getFullYear("Europe/Berlin") > 1',
    { now: '9999-01-01T00:00:00Z' },
    'a timestamp out of range',
  ],
  ['duration("2500000h") + duration("2500000h") > duration("0")', {}, 'a duration out of range'],
]

describe('a rule at fault', () => {
  const titled = FAULTS.map((row) => [row[0].slice(0, 60), ...row] as const)
  test.each(titled)('%j', (_title, rule, offset, what, remedy) => {
    expect(compileCondition(rule, SCOPE)).toEqual([{ offset, what, remedy }])
  })

  test.each(ELSEWHERE)('%s, where it stands', (rule, scope, what, remedy) => {
    expect(compileCondition(rule, { ...SCOPE, ...scope })).toEqual([{ offset: 0, what, remedy }])
  })

  test.each(FAILURES)('%s fails', (rule, given, failed) => {
    expect(told(conditionOf(rule).evaluate(contextOf(given)))).toBe(`failed ${failed}`)
  })

  test('gives a number where one is wanted', () => {
    expect(compileQuantity('customer.vip', SCOPE)).toEqual([
      {
        offset: 0,
        what: 'this must give a number, it gives a bool',
        remedy: 'write a number or a calculation',
      },
    ])
  })

  test('is told of all its faults, in their order', () => {
    const rule = 'customer.a9 > 1 && ("b" > 2 || size(3) > 1) && channel == "x" && [zzz].all(z, y)'
    const faults = compileCondition(rule, SCOPE) as readonly RuleFault[]
    expect(faults.map(({ offset, what }) => `${offset} ${what}`)).toEqual([
      '0 customer.a9 is not declared under types.customer',
      '26 ">" compares a string with a number',
      '31 size() is not for a number',
      '58 no channel is called "x"',
      '66 there is no zzz',
    ])
  })
})

describe('hostile rules', () => {
  const HOSTILE: readonly (readonly [string, string])[] = [
    ['20,000 times !', `${'!'.repeat(20_000)}true`],
    ['9,000 times !', `${'!'.repeat(9_000)}true`],
    ['9,000 times -', `${'-'.repeat(9_000)}1 > 0`],
    ['100,000 brackets', '('.repeat(100_000)],
    ['9,000 square brackets', '['.repeat(9_000)],
    ['indices within indices', `${'[1]['.repeat(1_500)}`],
    ['choices within choices', 'true?'.repeat(1_900)],
    ['lists that look into lists', `${'true in ['.repeat(60)}true${']'.repeat(60)}`],
    ['loops after loops', `[1]${'.map(x, x)'.repeat(60)} == [1]`],
    ['1,900 times a dot', `customer${'.a'.repeat(1_900)} == 1`],
    ['10 kB of one name', `${'a'.repeat(9_990)} == 1`],
    ['more than 10 kB', `"${'a'.repeat(20_000)}" == "a"`],
    ['a text of nothing', `"${'\u0000'.repeat(100)}" == "\u0000"`],
    ['half a character', '"\ud800" == "\udc00"'],
    ['CEL’s namespace', 'cel.bind(1, 2, 3)'],
    ['optional values', 'optional.of(1).optMap(1, 2)'],
  ]

  test.each(HOSTILE)('%s', (_name, rule) => expect(() => tried(rule)).not.toThrow())

  test('a declared constructor is an attribute like any other', () => {
    const rule = conditionOf('customer.constructor == "x"')
    expect(told(rule.evaluate(contextOf()))).toBe('missing customer.constructor')
    expect(rule.evaluate(contextOf({ customer: { constructor: 'x' } }))).toBe(true)
  })

  test('deep lists that look into lists are read once', () => {
    const rule = `${'true in ['.repeat(20)}true${']'.repeat(20)}`
    expect(told(conditionOf(rule).evaluate(contextOf()))).toBe('true')
  })

  test('whatever is written', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), tried), { numRuns: 3000 })
    const pieces = fc.constantFrom(
      ...[
        'customer',
        '.',
        'age',
        'has',
        '(',
        ')',
        '[',
        ']',
        '1',
        '"a"',
        'x',
        ',',
        '&&',
        '||',
        '!',
        '-',
        '?',
        ':',
      ],
      ...[
        '==',
        '<',
        'in',
        '+',
        'exists',
        'map',
        'now',
        'getHours',
        '"UTC"',
        'true',
        '{',
        '}',
        'null',
        ' ',
        '\\',
      ],
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (some) => tried(some.join(''))),
      { numRuns: 5000 },
    )
  })

  test('valid rules in which something was changed', () => {
    const positions = fc.tuple(fc.nat(), fc.nat(4), fc.string({ unit: 'binary', maxLength: 3 }))
    fc.assert(
      fc.property(fc.nat(), fc.array(positions, { maxLength: 3 }), (seed, changes) => {
        let rule = expression('bool', 3, chanceOf(seed)).here
        for (const [at, cut, put] of changes) {
          const from = at % (rule.length + 1)
          rule = rule.slice(0, from) + put + rule.slice(from + cut)
        }
        tried(rule)
      }),
      { numRuns: 3000 },
    )
  })
})

const STRANGE: readonly Given[] = [
  {},
  {
    customer: { age: 1, name: 'a', vip: true, digits: '1' },
    features: { orders: Number.NaN },
    live: { stock: 0 },
  },
  {
    customer: { age: '1', name: null, vip: 0, country: ['DE'], visits: Number.POSITIVE_INFINITY },
    context: { basketValue: {} },
    features: { returns_rate: 'much' },
    now: 8.64e15,
  },
  { customer: { age: new Undecided('open', 'customer.age'), vip: new Undecided('missing', 'customer.vip') } },
]

/** Compiles and evaluates; whatever comes of it, it is an outcome or faults that say something. */
function tried(rule: string): void {
  for (const compiled of [compileCondition(rule, SCOPE), compileQuantity(rule, SCOPE)]) {
    if ('evaluate' in compiled) {
      for (const given of STRANGE) {
        const outcome = compiled.evaluate(contextOf(given))
        expect(outcome instanceof Undecided || ['boolean', 'number'].includes(typeof outcome)).toBe(true)
        if (!('decisive' in compiled)) continue
        for (const wanted of [true, false])
          if (compiled.decisive(contextOf(given), wanted) !== null) expect(outcome).not.toBe(wanted)
      }
    } else {
      expect(compiled.length).toBeGreaterThan(0)
      for (const { offset, what, remedy } of compiled) {
        expect(offset).toBeGreaterThanOrEqual(0)
        expect(offset).toBeLessThanOrEqual(rule.length)
        expect(what.length * remedy.length).toBeGreaterThan(0)
      }
    }
  }
}

describe('every sentence of the sources', () => {
  const heard = [
    ...FAULTS.flatMap(([, , what, remedy]) => [what, remedy]),
    ...ELSEWHERE.flatMap(([, , what, remedy]) => [what, remedy]),
    ...FAILURES.map(([, , failed]) => failed),
    'this must give a number, it gives a bool',
    'write a number or a calculation',
    'a result that is no finite number', // in evaluate.test.ts
    'a text of more than 10000 characters', // in evaluate.test.ts
  ]

  test.each(sentences())('%s', (sentence) => {
    const pattern = new RegExp(sentence.split(HOLE).map(escaped).join('[\\s\\S]*'))
    expect(heard.some((text) => pattern.test(text))).toBe(true)
  })

  test('is found', () => expect(sentences().length).toBeGreaterThan(80))
})

const HOLE = '\u0000'

/** Texts of more than one word in src/rules, a hole where something is put in. Names of properties are none. */
function sentences(): string[] {
  const folder = new URL('../../src/rules/', import.meta.url)
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return
    const text =
      ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)
        ? node.text
        : ts.isTemplateExpression(node)
          ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(HOLE)
          : ''
    if (/[a-z]+[^a-z]* .*[a-z]|^ [a-z ]+$/i.test(text.replaceAll(HOLE, ''))) found.add(text)
    if (ts.isPropertyAssignment(node)) visit(node.initializer)
    else node.forEachChild(visit)
  }
  for (const file of readdirSync(folder)) {
    visit(ts.createSourceFile(file, readFileSync(new URL(file, folder), 'utf8'), ts.ScriptTarget.Latest))
  }
  return [...found]
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
