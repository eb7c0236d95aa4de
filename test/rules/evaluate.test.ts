import { describe, expect, test } from 'vitest'
import { Undecided } from '../../src/domain/rule.ts'
import { compileQuantity } from '../../src/rules/compile-rule.ts'
import { conditionOf, contextOf, type Given, SCOPE, told } from './scope.ts'

/** What a condition comes to: `true`, `missing customer.age`, `failed …`, `open context.intent`. */
type Row = readonly [rule: string, given: Given, outcome: string]

const ANNA: Given = {
  customer: { age: 18, visits: 3, score: 0.5, country: 'DE', name: 'Anna', vip: true, optedIn: false },
  context: { intent: 'return', basketValue: 0, returning: true },
  features: { returns_rate: 0.25, orders: 0 },
  live: { stock: 5, price: 79.9 },
}

const OPERATORS: readonly Row[] = [
  ['customer.age == 18', ANNA, 'true'],
  ['customer.age == 18.0', ANNA, 'true'],
  ['18 == customer.age', ANNA, 'true'],
  ['customer.age != 18', ANNA, 'false'],
  ['customer.age < 18', ANNA, 'false'],
  ['customer.age <= 18', ANNA, 'true'],
  ['customer.age > 18', ANNA, 'false'],
  ['customer.age >= 18', ANNA, 'true'],
  ['customer.visits < customer.age', ANNA, 'true'],
  ['customer.visits <= customer.visits', ANNA, 'true'],
  ['customer.visits > customer.age', ANNA, 'false'],
  ['customer.visits >= customer.age', ANNA, 'false'],
  ['customer.vip', ANNA, 'true'],
  ['customer.vip == customer.optedIn', ANNA, 'false'],
  ['customer.vip == true', ANNA, 'true'],
  ['customer.optedIn < customer.vip', ANNA, 'true'],
  ['false < true && !(true < false) && true <= true && true >= false', ANNA, 'true'],
  ['customer.country == "DE"', ANNA, 'true'],
  ["customer.country == 'de'", ANNA, 'false'],
  ['customer.country > "D" && customer.country < "DF"', ANNA, 'true'],
  ['"" < "a" && "a" < "aa" && "Z" < "a" && "a" <= "a" && "b" >= "a"', ANNA, 'true'],
  ['"\uffff" < "😀" && "😀" > "\uffff" && "😀" < "😁"', ANNA, 'true'],
  ['customer.age in [17, 18]', ANNA, 'true'],
  ['customer.age in [17, customer.visits]', ANNA, 'false'],
  ['customer.country in ["AT", "CH"]', ANNA, 'false'],
  ['customer.country in []', ANNA, 'false'],
  ['[1] in [[1], [2]]', ANNA, 'true'],
  ['true in [customer.optedIn, false]', ANNA, 'false'],
  ['[1, 2] == [1, 2] && [1] != [1, 2] && [1, 2] != [2, 1]', ANNA, 'true'],
  ['[[1], [2, 3]] == [[1], [2, 3]]', ANNA, 'true'],
  ['[10, 20][1] == 20 && ["a"][0] == "a"', ANNA, 'true'],
  ['1 + 2 * 3 == 7 && (1 + 2) * 3 == 9 && 7 - 2 - 1 == 4 && 8 / 2 / 2 == 2', ANNA, 'true'],
  ['1 / 2 == 0.5', ANNA, 'true'],
  ['-customer.age == -18 && - -18 == 18 && -(2) < -1', ANNA, 'true'],
  ['0.1 + 0.2 == 0.3', ANNA, 'false'],
  ['0x10 == 16 && 1e3 == 1000 && 1.5e-1 == 0.15', ANNA, 'true'],
  ['customer.age / features.orders > 1e300', ANNA, 'true'],
  ['customer.age / -features.orders < -1e300', ANNA, 'true'],
  ['features.orders / features.orders == features.orders / features.orders', ANNA, 'false'],
  ['features.orders / features.orders != features.orders / features.orders', ANNA, 'true'],
  ['features.orders / features.orders in [features.orders / features.orders]', ANNA, 'false'],
  ['features.orders / features.orders in [0, 1]', ANNA, 'false'],
  ['features.orders / features.orders < 1 || features.orders / features.orders >= 1', ANNA, 'false'],
  ['-features.orders == 0 && -features.orders in [0] && -0 == 0', ANNA, 'true'],
  ['customer.name + "!" == "Anna!"', ANNA, 'true'],
  ['!customer.vip', ANNA, 'false'],
  ['!!customer.vip', ANNA, 'true'],
  ['customer.vip ? customer.age == 18 : customer.age == 0', ANNA, 'true'],
  ['(customer.optedIn ? 1 : 2) == 2', ANNA, 'true'],
  ['false ? true : false ? true : true', ANNA, 'true'],
  // Precedence: && before ||, comparisons before both, ?: last.
  ['true || false && false', ANNA, 'true'],
  ['(true || false) && false', ANNA, 'false'],
  ['!true || true', ANNA, 'true'],
  ['1 < 2 == true', ANNA, 'true'],
  ['true || true ? false : true', ANNA, 'false'],
  ['channel == "web" && placement == "home-hero"', ANNA, 'true'],
  ['action.id == "winter-boots" && action.kind == "offer" && action.tier == "marketing"', ANNA, 'true'],
  ['action.group == "shoes" && action.category == "shoes" && action.price == 89.9', ANNA, 'true'],
  ['live.stock > 0 && live.price < action.price && features.returns_rate < 0.6', ANNA, 'true'],
]

const FUNCTIONS: readonly Row[] = [
  ['size("straße") == 6 && size("😀😀") == 2 && "a😀".size() == 2 && size("") == 0', ANNA, 'true'],
  ['size([1, 2]) == 2 && [].size() == 0', ANNA, 'true'],
  ['customer.name.contains("nn") && !customer.name.contains("x") && "a".contains("")', ANNA, 'true'],
  ['customer.name.startsWith("An") && !customer.name.startsWith("n")', ANNA, 'true'],
  ['customer.name.endsWith("na") && !customer.name.endsWith("N")', ANNA, 'true'],
  // Texts that are joined again and again come to an end.
  [
    `[customer.name]${'.map(x, x + x)'.repeat(28)}.exists(x, x == "a")`,
    ANNA,
    'failed a text of more than 10000 characters',
  ],
  ['string(customer.age) == "18" && string(0.5) == "0.5" && string(true) == "true"', ANNA, 'true'],
  ['string(customer.name) == "Anna" && string(1e21) == "1e+21"', ANNA, 'true'],
  ['double("0.5") == 0.5 && double("-1e3") == -1000 && double(customer.age) == 18', ANNA, 'true'],
  ['int(2.9) == 2 && int(-2.9) == -2 && int("-42") == -42', ANNA, 'true'],
  ['1 / int(-customer.score) > 0', ANNA, 'true'],
  ['"\\x41\\u00df\\U0001F600\\101\\n" == "Aß😀A\\n" && r"\\n" == "\\\\n"', ANNA, 'true'],
  [`"""a\n"b" c""" == 'a\\n"b" c' && '''it's''' == "it's"`, ANNA, 'true'],
  ['duration("1h30m") == duration("90m") && duration("1.005s") == duration("1005ms")', ANNA, 'true'],
  ['duration("-1.5h") < duration("0") && duration("+1us") == duration("1000ns")', ANNA, 'true'],
  ['duration("90m").getHours() == 1 && duration("90m").getMinutes() == 90', ANNA, 'true'],
  ['duration("-90m").getHours() == -1 && duration("1.25s").getSeconds() == 1', ANNA, 'true'],
  ['duration("1.25s").getMilliseconds() == 250', ANNA, 'true'],
  ['duration("1h") + duration("30m") == duration("90m")', ANNA, 'true'],
  ['duration("1h") - duration("90m") == duration("-30m")', ANNA, 'true'],
]

const MACROS: readonly Row[] = [
  ['[1, 2, 3].exists(x, x > 2) && ![1, 2].exists(x, x > 2)', ANNA, 'true'],
  ['[1, 2, 3].all(x, x > 0) && ![1, 2].all(x, x > 1)', ANNA, 'true'],
  ['![].exists(x, x) && [].all(x, x)', ANNA, 'true'],
  ['[1, 2, 3].exists_one(x, x > 2) && ![1, 2, 3].exists_one(x, x > 1)', ANNA, 'true'],
  ['[1, 2, 3].filter(x, x != 2) == [1, 3]', ANNA, 'true'],
  ['[1, 2].map(x, x * 2) == [2, 4] && ["a"].map(x, size(x)) == [1]', ANNA, 'true'],
  ['[1, 2].map(x, [x, x]) == [[1, 1], [2, 2]]', ANNA, 'true'],
  ['[3, 4].exists(x, [1, 2].exists(y, x * y == 8))', ANNA, 'true'],
  ['[1, 2].all(x, [1, 2].exists(y, y == x) && x < 3)', ANNA, 'true'],
  ['[1, 2].exists(x, x == 2) && [1, 2].all(x, x < 3)', ANNA, 'true'],
  ['[[1], [2, 3]].exists(l, l.all(x, x > 1))', ANNA, 'true'],
  ['["DE", "AT"].exists(c, c == customer.country)', ANNA, 'true'],
  // What is undecided: absorbed by `exists` and `all` wherever it stands, by nothing else.
  ['[1, 2].exists(x, x == 2 || customer.age > x)', {}, 'true'],
  ['[1, 2].exists(x, x == 1 || customer.age > x)', {}, 'true'],
  ['[1, 2].exists(x, x == 3 || customer.age > x)', {}, 'missing customer.age'],
  ['[1, 2].all(x, x == 2 && customer.age > x)', {}, 'false'],
  ['[2, 1].all(x, x == 2 && customer.age > x)', {}, 'false'],
  ['[1, 2].all(x, x < 3 && customer.age > x)', {}, 'missing customer.age'],
  ['[1, 2, 3].exists_one(x, x < 3 || customer.age > x)', {}, 'missing customer.age'],
  ['[1, 2].filter(x, customer.age > x) == [1]', {}, 'missing customer.age'],
  ['[1, 2].map(x, customer.age + x) == [1, 2]', {}, 'missing customer.age'],
  ['[1, customer.age].exists(x, x == 1)', {}, 'missing customer.age'],
  ['[].exists(x, customer.vip)', {}, 'false'],
]

const MISSING: readonly Row[] = [
  ['customer.age > 18', {}, 'missing customer.age'],
  ['customer.age == customer.visits', {}, 'missing customer.age'],
  ['customer.age == customer.visits', { customer: { age: 1 } }, 'missing customer.visits'],
  ['customer.age > 18', { customer: { age: null } }, 'missing customer.age'],
  ['context.basketValue > 0', {}, 'missing context.basketValue'],
  ['features.orders > 0', {}, 'missing features.orders'],
  ['live.stock > 0', {}, 'missing live.stock'],
  ['action.sale', {}, 'missing action.sale'],
  ['action.group == "shoes"', { action: { group: undefined } }, 'missing action.group'],
  ['!customer.vip', {}, 'missing customer.vip'],
  ['-customer.age < 0', {}, 'missing customer.age'],
  ['customer.age + 1 > 0', {}, 'missing customer.age'],
  ['customer.age in [1]', {}, 'missing customer.age'],
  ['customer.age in []', {}, 'missing customer.age'],
  ['1 in [customer.age, 1]', {}, 'missing customer.age'],
  ['customer.name.contains(customer.country)', {}, 'missing customer.name'],
  ['size(customer.name) > 1', {}, 'missing customer.name'],
  ['timestamp(customer.joined).getFullYear("UTC") > 1', {}, 'missing customer.joined'],
  ['now - timestamp(customer.joined) > duration("1h")', {}, 'missing customer.joined'],
  ['[1, 2][customer.age] == 1', {}, 'missing customer.age'],
  // Absorbed by && and || in both orders, however many there are.
  ['customer.vip && false', {}, 'false'],
  ['false && customer.vip', {}, 'false'],
  ['customer.vip || true', {}, 'true'],
  ['true || customer.vip', {}, 'true'],
  ['customer.vip && true', {}, 'missing customer.vip'],
  ['true && customer.vip', {}, 'missing customer.vip'],
  ['customer.vip || false', {}, 'missing customer.vip'],
  ['false || customer.vip', {}, 'missing customer.vip'],
  ['customer.vip && customer.optedIn && false', {}, 'false'],
  ['customer.vip && customer.optedIn && true', {}, 'missing customer.vip'],
  ['customer.vip || customer.optedIn || true', {}, 'true'],
  ['customer.vip || (customer.optedIn || false)', {}, 'missing customer.vip'],
  ['!(customer.vip && false)', {}, 'true'],
  ['!(customer.vip && true)', {}, 'missing customer.vip'],
  ['!(true || customer.vip)', {}, 'false'],
  ['!!(customer.vip && false)', {}, 'false'],
  // A choice needs its question, and of its answers only the one that is given.
  ['customer.vip ? true : true', {}, 'missing customer.vip'],
  ['true ? true : customer.vip', {}, 'true'],
  ['false ? customer.vip : false', {}, 'false'],
  ['true ? customer.vip : true', {}, 'missing customer.vip'],
  ['!(true ? customer.vip : true)', {}, 'missing customer.vip'],
  ['!(true ? false : customer.vip)', {}, 'true'],
  // has() asks, and is never missing.
  ['has(customer.age)', {}, 'false'],
  ['has(customer.age)', { customer: { age: 0 } }, 'true'],
  ['has(customer.vip)', { customer: { vip: false } }, 'true'],
  ['has(customer.name)', { customer: { name: '' } }, 'true'],
  ['has(customer.age) && customer.age > 18', {}, 'false'],
  ['!has(customer.age) || customer.age > 18', {}, 'true'],
  ['has(features.orders) || has(live.stock) || has(action.sale)', {}, 'false'],
  ['has(action.id) && has(action.price)', {}, 'true'],
  ['has(customer.constructor)', {}, 'false'],
]

const WRONG: readonly Row[] = [
  ['customer.age > 18', { customer: { age: '18' } }, 'failed customer.age is no number'],
  ['customer.vip', { customer: { vip: 'yes' } }, 'failed customer.vip is no bool'],
  ['customer.name == "a"', { customer: { name: ['a'] } }, 'failed customer.name is no string'],
  ['has(customer.age)', { customer: { age: '18' } }, 'failed customer.age is no number'],
  ['features.orders > 0', { features: { orders: true } }, 'failed features.orders is no number'],
  ['live.stock > 0', { live: { stock: '5' } }, 'failed live.stock is no number'],
  ['action.price > 0', { action: { attributes: { price: {} } } }, 'failed action.price is no number'],
  ['customer.vip && false', { customer: { vip: 1 } }, 'false'],
  ['customer.vip && customer.optedIn', { customer: { vip: 1 } }, 'failed customer.vip is no bool'],
  [
    'timestamp(customer.joined) < now',
    { customer: { joined: '' } },
    'failed a text that is no RFC 3339 time',
  ],
]

const clock = (now: string): Given => ({ now })
const BERLIN = 'now.getHours("Europe/Berlin")'
const TIMES: readonly Row[] = [
  // The night of 29 March has no hour 2 in Berlin, that of 25 October two of them.
  [`${BERLIN} == 1`, clock('2026-03-29T00:59:59.999Z'), 'true'],
  [`${BERLIN} == 3`, clock('2026-03-29T01:00:00Z'), 'true'],
  [`${BERLIN} == 2`, clock('2026-10-25T00:30:00Z'), 'true'],
  [`${BERLIN} == 2`, clock('2026-10-25T01:30:00Z'), 'true'],
  [`${BERLIN} == 3`, clock('2026-10-25T02:00:00Z'), 'true'],
  ['now.getDayOfWeek("Europe/Berlin") == 0', clock('2026-03-28T23:00:00Z'), 'true'],
  ['now.getDayOfWeek("Europe/Berlin") == 6', clock('2026-03-28T22:59:59Z'), 'true'],
  ['now.getHours("America/New_York") == 1', clock('2026-03-08T06:59:59Z'), 'true'],
  ['now.getHours("America/New_York") == 3', clock('2026-03-08T07:00:00Z'), 'true'],
  ['now.getHours("America/New_York") == 1', clock('2026-11-01T05:30:00Z'), 'true'],
  ['now.getHours("America/New_York") == 1', clock('2026-11-01T06:30:00Z'), 'true'],
  ['now.getHours("+05:30") == 17 && now.getMinutes("+05:30") == 30', clock('2026-06-01T12:00:00Z'), 'true'],
  ['now.getHours("05:30") == 17 && now.getHours("-05:30") == 6', clock('2026-06-01T12:00:00Z'), 'true'],
  ['now.getHours("Asia/Kolkata") == 17', clock('2026-06-01T12:00:00Z'), 'true'],
  ['now.getHours("europe/berlin") == 14', clock('2026-06-01T12:00:00Z'), 'true'],
  ['now.getHours("Europe/Berlin") == 0', clock('2026-06-01T22:15:00Z'), 'true'],
  [
    'now.getDate("Europe/Berlin") == 2 && now.getDayOfMonth("UTC") == 0',
    clock('2026-06-01T22:15:00Z'),
    'true',
  ],
  [
    'now.getFullYear("Europe/Berlin") == 2027 && now.getMonth("Europe/Berlin") == 0 && now.getDayOfYear("Europe/Berlin") == 0',
    clock('2026-12-31T23:30:00Z'),
    'true',
  ],
  ['now.getDayOfYear("UTC") == 365', clock('2024-12-31T23:30:00Z'), 'true'],
  [
    'now.getSeconds("UTC") == 59 && now.getMilliseconds("Europe/Berlin") == 999',
    clock('1969-12-31T23:59:59.999Z'),
    'true',
  ],
  ['timestamp("0050-03-01T12:00:00Z").getFullYear("Europe/Berlin") == 50', {}, 'true'],
  ['timestamp("0050-03-01T12:00:00Z").getDayOfYear("UTC") == 59', {}, 'true'],
  ['timestamp("2026-03-29T02:00:00+01:00") == timestamp("2026-03-29T01:00:00Z")', {}, 'true'],
  ['timestamp("2024-02-29T00:00:00Z") < timestamp("2024-02-29T00:00:00.001Z")', {}, 'true'],
  ['now + duration("24h") > timestamp("2026-11-23T00:00:00Z")', {}, 'true'],
  ['duration("24h") + now == now + duration("24h")', {}, 'true'],
  ['now - duration("12h") == timestamp("2026-11-22T00:00:00Z")', {}, 'true'],
  ['now - timestamp("2026-11-22T00:00:00Z") == duration("12h")', {}, 'true'],
  ['now in [timestamp("2026-11-22T12:00:00Z")]', {}, 'true'],
  [
    'now - timestamp(customer.joined) >= duration("720h")',
    { customer: { joined: '2026-10-01T00:00:00Z' } },
    'true',
  ],
]

/** The catalogue’s check puts what only a decision knows in place as open. */
const OPEN: Given = {
  context: {
    returning: new Undecided('open', 'context.returning'),
    intent: new Undecided('open', 'context.intent'),
    basketValue: new Undecided('open', 'context.basketValue'),
  },
}
const open = 'context.returning'
const missing = 'customer.vip'
const OPENS: readonly Row[] = [
  [open, OPEN, 'open context.returning'],
  [`!${open}`, OPEN, 'open context.returning'],
  ['context.intent == "return"', OPEN, 'open context.intent'],
  ['context.basketValue > 50', OPEN, 'open context.basketValue'],
  ['has(context.intent)', OPEN, 'open context.intent'],
  [`${open} && ${missing}`, OPEN, 'missing customer.vip'],
  [`${missing} && ${open}`, OPEN, 'missing customer.vip'],
  [`true && ${open} && ${missing}`, OPEN, 'missing customer.vip'],
  [`${open} || ${missing}`, OPEN, 'open context.returning'],
  [`${missing} || ${open}`, OPEN, 'open context.returning'],
  [`${open} && false`, OPEN, 'false'],
  [`false && ${open}`, OPEN, 'false'],
  [`${open} && true`, OPEN, 'open context.returning'],
  [`${open} || true`, OPEN, 'true'],
  [`${open} || false`, OPEN, 'open context.returning'],
  ['context.basketValue > customer.age', OPEN, 'missing customer.age'],
  ['customer.age > context.basketValue', OPEN, 'missing customer.age'],
  ['context.basketValue in [1, customer.age]', OPEN, 'missing customer.age'],
  // Of what it may come to, a negation allows the opposite.
  [`!(${open} && ${missing})`, OPEN, 'open context.returning'],
  [`!(${open} || ${missing})`, OPEN, 'missing customer.vip'],
  [`!!(${open} && ${missing})`, OPEN, 'missing customer.vip'],
  [`![1].all(x, ${open} && ${missing})`, OPEN, 'open context.returning'],
  [`![1].exists(x, ${open} || ${missing})`, OPEN, 'missing customer.vip'],
  [`[1].exists(x, ${open} || ${missing})`, OPEN, 'open context.returning'],
  [`[1, 2].all(x, x == 1 ? ${open} : ${missing})`, OPEN, 'missing customer.vip'],
  [`[1, 2].exists(x, x == 1 ? ${missing} : ${open})`, OPEN, 'open context.returning'],
  // A choice by what is open may go either way.
  [`${open} ? true : true`, OPEN, 'true'],
  [`${open} ? false : false`, OPEN, 'false'],
  [`${open} ? true : false`, OPEN, 'open context.returning'],
  [`${open} ? true : ${missing}`, OPEN, 'open context.returning'],
  [`${open} ? false : ${missing}`, OPEN, 'missing customer.vip'],
  [`${open} ? ${missing} : false`, OPEN, 'missing customer.vip'],
  [`!(${open} ? false : ${missing})`, OPEN, 'open context.returning'],
  [`!(${open} ? true : ${missing})`, OPEN, 'missing customer.vip'],
  [`${open} ? false : context.intent == "a"`, OPEN, 'open context.returning'],
  [`${missing} ? ${open} : ${open}`, OPEN, 'missing customer.vip'],
  [`(${open} && ${missing}) ? true : false`, OPEN, 'missing customer.vip'],
  [`(${open} && ${missing}) ? false : true`, OPEN, 'open context.returning'],
  [`(${open} && ${missing}) ? true : ${missing}`, OPEN, 'missing customer.vip'],
  [`(${open} || ${missing}) ? true : false`, OPEN, 'open context.returning'],
  [`(${open} || ${missing}) ? false : true`, OPEN, 'missing customer.vip'],
  [`(${open} ? 1 : 1) == 1`, OPEN, 'true'],
  [`(${open} ? 1 : 2) == 1`, OPEN, 'open context.returning'],
]

describe('a condition', () => {
  const rows = [...OPERATORS, ...FUNCTIONS, ...MACROS, ...MISSING, ...WRONG, ...TIMES, ...OPENS]
  test.each(rows)('%s with %j is %s', (rule, given, outcome) => {
    expect(told(conditionOf(rule).evaluate(contextOf(given)))).toBe(outcome)
  })

  test('keeps nothing from one evaluation to the next', () => {
    const rule = conditionOf('[1, 2].exists(x, [2, 3].filter(y, y > x)[0] == customer.age)')
    const given = { customer: { age: 3 } }
    expect(rule.evaluate(contextOf(given))).toBe(true)
    expect(told(rule.evaluate(contextOf()))).toBe('missing customer.age')
    expect(rule.evaluate(contextOf(given))).toBe(true)
    const hour = conditionOf('now.getHours("Europe/Berlin") == 1')
    expect(hour.evaluate(contextOf(clock('2026-03-29T00:30:00Z')))).toBe(true)
    expect(hour.evaluate(contextOf(clock('2026-03-29T01:30:00Z')))).toBe(false)
    expect(hour.evaluate(contextOf(clock('2026-03-29T00:30:00Z')))).toBe(true)
  })
})

describe('what a rule reads', () => {
  test.each([
    ['true', [], false],
    ['customer.age > 18 && has(customer.name)', ['customer.age', 'customer.name'], false],
    ['context.intent == "a" || features.orders > 1', ['context.intent', 'features.orders'], false],
    ['channel == "web" && now > now', ['channel', 'now'], false],
    ['placement == "home-hero"', ['placement'], true],
    ['action.price > 1', ['action.price'], true],
    ['live.stock > 0', ['live.stock'], true],
    ['[1].exists(x, x > customer.age)', ['customer.age'], false],
    ['"live" == customer.name', ['customer.name'], false],
  ])('%s', (source, reads, perCandidate) => {
    const rule = conditionOf(source)
    expect([rule.source, [...rule.reads].sort(), rule.perCandidate]).toEqual([source, reads, perCandidate])
  })

  test('a name that begins like a root is not that root', () => {
    const scope = { ...SCOPE, customer: new Map([['action', { type: 'number' as const }]]) }
    expect(conditionOf('customer.action > 1', scope).perCandidate).toBe(false)
  })

  test('any feature, while none are known', () => {
    const rule = conditionOf('features.whatever > 1', { ...SCOPE, features: null })
    expect(rule.evaluate(contextOf({ features: { whatever: 2 } }))).toBe(true)
  })
})

describe('a quantity', () => {
  test.each([
    ['12.5', {}, '12.5'],
    ['action.price * 0.1', { action: { attributes: { price: 50 } } }, '5'],
    ['customer.vip ? 2 : 1', ANNA, '2'],
    ['customer.vip ? 2 : 1', {}, 'missing customer.vip'],
    ['live.price - 10', {}, 'missing live.price'],
    ['context.basketValue', OPEN, 'open context.basketValue'],
    ['1 / 0', {}, 'failed a result that is no finite number'],
    ['-1 / features.orders', ANNA, 'failed a result that is no finite number'],
    ['features.orders / features.orders', ANNA, 'failed a result that is no finite number'],
  ] satisfies readonly Row[])('%s with %j is %s', (source, given, outcome) => {
    const rule = compileQuantity(source, SCOPE)
    if (!('evaluate' in rule)) throw new Error(JSON.stringify(rule))
    expect(told(rule.evaluate(contextOf(given)))).toBe(outcome)
    expect(rule.source).toBe(source)
  })
})
