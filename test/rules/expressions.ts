import type { Chance } from './chance.ts'

/** One expression in both spellings: numbers of this language, and doubles of CEL. */
export interface Expression {
  readonly here: string
  readonly cel: string
  /** The same without the brackets around it, where it means something in any company of its type. */
  readonly bare?: Expression
}

type Kind = 'bool' | 'number' | 'string' | 'timestamp' | 'duration'
interface Variables {
  readonly loops: number
  readonly names: readonly { readonly name: string; readonly kind: Kind }[]
}

/** Names by kind. `digits` holds whole numbers as text, `joined` times as text, some of them none. */
export const NAMES = {
  bool: ['customer.vip', 'customer.optedIn', 'context.returning', 'action.sale'],
  number: [
    ...['customer.age', 'customer.visits', 'customer.score', 'context.basketValue', 'features.orders'],
    ...['features.returns_rate', 'action.price', 'live.stock', 'live.price'],
  ],
  string: ['customer.country', 'customer.name', 'context.intent', 'action.category'],
} as const

const TEXTS = ['', 'a', 'ab', 'b', 'DE', 'de', 'straße', 'ß', '😀', 'a😀b', '\\n', "it's", '日本']
const MOMENTS = [
  '2026-03-29T00:59:59Z',
  '2026-03-29T01:00:00Z',
  '2026-10-25T01:30:00+02:00',
  '2026-12-31T23:30:00.250Z',
  '1969-12-31T23:59:59.999Z',
  '2024-02-29T12:00:00-05:00',
]
const LENGTHS = ['0', '1s', '90m', '1h30m', '-2.5h', '72h', '1500ms', '8760h']
const OFFSETS = ['+05:30', '-09:00', '02:00']
const ZONES = [...OFFSETS, 'UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata']
const OF_DAY = ['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds']
const OF_YEAR = ['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear']
const ORDERS = ['<', '<=', '>', '>=', '==', '!=']
const NO_VARIABLES: Variables = { loops: 0, names: [] }

/** A typed expression of at most so many levels. */
export function expression(kind: Kind, depth: number, chance: Chance, variables = NO_VARIABLES): Expression {
  if (depth <= 0) return leaf(kind, chance, variables)
  const again = (wanted: Kind) => expression(wanted, depth - 1, chance, variables)
  if (chance.odds(0.1)) return choice(again('bool'), again(kind), again(kind))
  if (chance.odds(0.05)) return element(kind, depth, chance, variables)
  switch (kind) {
    case 'bool':
      return condition(depth, chance, variables, again)
    case 'number':
      return number(depth, chance, variables, again)
    case 'string':
      return chance.odds(0.4)
        ? join(again('string'), '+', again('string'))
        : chance.odds(0.4)
          ? call('string', again(chance.pick(['bool', 'number', 'string'] as const)))
          : leaf('string', chance, variables)
    case 'timestamp':
      return chance.odds(0.5)
        ? join(again('timestamp'), chance.pick(['+', '-']), again('duration'))
        : leaf('timestamp', chance, variables)
    case 'duration':
      return chance.odds(0.3)
        ? join(again('timestamp'), '-', again('timestamp'))
        : chance.odds(0.5)
          ? join(again('duration'), chance.pick(['+', '-']), again('duration'))
          : leaf('duration', chance, variables)
  }
}

type Again = (kind: Kind) => Expression

function condition(depth: number, chance: Chance, variables: Variables, again: Again): Expression {
  const kind = chance.pick(['number', 'number', 'string', 'bool', 'timestamp', 'duration'] as const)
  switch (chance.below(10)) {
    case 0:
    case 1:
      return joinFreely(again('bool'), '&&', again('bool'), chance)
    case 2:
    case 3:
      return joinFreely(again('bool'), '||', again('bool'), chance)
    case 4:
      return wrap('!', again('bool'))
    case 5:
      return join(again(kind), chance.pick(ORDERS), again(kind))
    case 6:
      return join(again(kind), 'in', list(kind, depth - 1, chance, variables))
    case 7:
      return method(again('string'), chance.pick(['contains', 'startsWith', 'endsWith']), again('string'))
    case 8:
      return loop(chance.pick(['all', 'exists', 'exists_one']), kind, depth, chance, variables)
    default: {
      const other = list(kind, depth - 1, chance, variables)
      return chance.odds(0.5)
        ? leaf('bool', chance, variables)
        : join(list(kind, depth - 1, chance, variables), '==', other)
    }
  }
}

function number(depth: number, chance: Chance, variables: Variables, again: Again): Expression {
  switch (chance.below(8)) {
    case 0:
    case 1:
      return joinFreely(again('number'), chance.pick(['+', '-', '*', '/']), again('number'), chance)
    case 2:
      return wrap('-', again('number'))
    case 3: {
      const size = call(
        'size',
        chance.odds(0.5) ? again('string') : list('number', depth - 1, chance, variables),
      )
      return { here: size.here, cel: `double(${size.cel})` }
    }
    case 4: {
      const moment = again('timestamp')
      const [names, zones] = chance.odds(0.5) ? [OF_DAY, ZONES] : [OF_YEAR, OFFSETS]
      const read = `.${chance.pick(names)}("${chance.pick(zones)}")`
      return { here: `(${moment.here})${read}`, cel: `double((${moment.cel})${read})` }
    }
    case 5: {
      const length = again('duration')
      const read = `.${chance.pick(OF_DAY)}()`
      return { here: `(${length.here})${read}`, cel: `double((${length.cel})${read})` }
    }
    case 6: {
      const whole = call('int', leaf('number', chance, { ...variables, names: [] }))
      return { here: whole.here, cel: `double(${whole.cel})` }
    }
    default:
      return same('double(customer.digits)')
  }
}

function leaf(kind: Kind, chance: Chance, { names }: Variables): Expression {
  const bound = names.filter((variable) => variable.kind === kind)
  if (bound.length > 0 && chance.odds(0.6)) return same(chance.pick(bound).name)
  switch (kind) {
    case 'bool':
      if (chance.odds(0.2)) return same(chance.pick(['true', 'false']))
      if (chance.odds(0.3)) return same(`has(${chance.pick([...NAMES.number, ...NAMES.string])})`)
      return same(chance.pick(NAMES.bool))
    case 'number':
      if (chance.odds(0.5)) return same(chance.pick(NAMES.number))
      if (chance.odds(0.3)) return same(chance.pick(['0.5', '1e3', '2.25', '0.0']))
      return literal(chance.below(6) * chance.pick([1, 1, 10]))
    case 'string':
      return chance.odds(0.6) ? same(chance.pick(NAMES.string)) : same(`"${chance.pick(TEXTS)}"`)
    case 'timestamp':
      if (chance.odds(0.3)) return { here: 'now', cel: 'timestamp(now)' }
      return same(chance.odds(0.4) ? 'timestamp(customer.joined)' : `timestamp("${chance.pick(MOMENTS)}")`)
    case 'duration':
      return same(`duration("${chance.pick(LENGTHS)}")`)
  }
}

/** A list of at least one element: an empty one has no type here. */
function list(kind: Kind, depth: number, chance: Chance, variables: Variables): Expression {
  if (depth > 0 && variables.loops < 2 && chance.odds(0.3))
    return loop(chance.pick(['filter', 'map']), kind, depth, chance, variables)
  const elements = Array.from({ length: 1 + chance.below(3) }, () =>
    chance.odds(0.7) ? leaf(kind, chance, variables) : expression(kind, depth - 1, chance, variables),
  )
  return {
    here: `[${elements.map(({ here }) => here).join(', ')}]`,
    cel: `[${elements.map(({ cel }) => cel).join(', ')}]`,
  }
}

/** `of` is the type of the elements, and of what `map` makes of them. */
function loop(macro: string, of: Kind, depth: number, chance: Chance, variables: Variables): Expression {
  if (variables.loops >= 2) return leaf('bool', chance, variables)
  const over = list(of, depth - 1, chance, { ...variables, loops: variables.loops + 1 })
  const name = `v${variables.names.length}`
  const inside = { loops: variables.loops + 1, names: [...variables.names, { name, kind: of }] }
  const body = expression(macro === 'map' ? of : 'bool', depth - 1, chance, inside)
  return {
    here: `${over.here}.${macro}(${name}, ${body.here})`,
    cel: `${over.cel}.${macro}(${name}, ${body.cel})`,
  }
}

function element(kind: Kind, depth: number, chance: Chance, variables: Variables): Expression {
  const of = list(kind, depth - 1, chance, variables)
  const at = chance.below(4)
  return { here: `(${of.here})[${at}]`, cel: `(${of.cel})[${at}]` }
}

function same(text: string): Expression {
  return { here: text, cel: text }
}

function literal(value: number): Expression {
  return { here: String(value), cel: `${value}.0` }
}

function wrap(op: string, of: Expression): Expression {
  return { here: `${op}(${of.here})`, cel: `${op}(${of.cel})` }
}

function join(a: Expression, op: string, b: Expression): Expression {
  const both = { here: `${a.here} ${op} ${b.here}`, cel: `${a.cel} ${op} ${b.cel}` }
  return { here: `(${both.here})`, cel: `(${both.cel})`, bare: both }
}

/** Joins what may lose its brackets, so that precedence matters: conditions, or numbers. */
function joinFreely(a: Expression, op: string, b: Expression, chance: Chance): Expression {
  const some = (of: Expression) => (of.bare !== undefined && chance.odds(0.5) ? of.bare : of)
  return join(some(a), op, some(b))
}

function call(name: string, of: Expression): Expression {
  return { here: `${name}(${of.here})`, cel: `${name}(${of.cel})` }
}

function method(of: Expression, name: string, argument: Expression): Expression {
  return { here: `(${of.here}).${name}(${argument.here})`, cel: `(${of.cel}).${name}(${argument.cel})` }
}

function choice(test: Expression, yes: Expression, no: Expression): Expression {
  return { here: `(${test.here} ? ${yes.here} : ${no.here})`, cel: `(${test.cel} ? ${yes.cel} : ${no.cel})` }
}
