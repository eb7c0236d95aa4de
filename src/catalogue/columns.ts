import type { Action, Play } from '../domain/catalogue.ts'
import type { PlacementId } from '../domain/ids.ts'
import { type Clauses, OPS, OTHER, type PlayColumns } from '../domain/play-columns.ts'
import type { Clause } from '../domain/rule.ts'

/** The columns of each placement’s plays. */
export function toColumns(
  plays: ReadonlyMap<PlacementId, readonly Play[]>,
  actions: readonly Action[],
): ReadonlyMap<PlacementId, PlayColumns> {
  return new Map([...plays].map(([placement, own]) => [placement, columnsOf(own, actions)]))
}

function columnsOf(plays: readonly Play[], actions: readonly Action[]): PlayColumns {
  const own = plays.map(({ position }) => actions[position]!)
  const { kindOf, kinds } = toKinds(plays, own)
  return {
    kindOf,
    kinds,
    from: Float64Array.from(own, ({ active, validFrom }) => (active ? validFrom : Number.POSITIVE_INFINITY)),
    to: Float64Array.from(own, ({ validTo }) => validTo),
    hasMore: Uint8Array.from(own, (action) => (saysMore(action) ? 1 : 0)),
    clauses: toClauses(own.map((action) => (saysMore(action) ? [] : clausesOf(action)))),
  }
}

/** Rules of groups are those of a kind. */
function clausesOf({ policy }: Action): readonly Clause[] {
  return policy.flatMap(({ group, rule }) => (group === undefined ? rule.clauses! : []))
}

function saysMore({ policy, valueRule }: Action): boolean {
  if (valueRule !== undefined) return true
  return policy.some(({ group, rule }) => (group === undefined ? rule.clauses === null : rule.perCandidate))
}

function toKinds(plays: readonly Play[], actions: readonly Action[]) {
  const indexes = new Map<string, number>()
  const kinds: number[] = []
  const numberOf = makeNumbering()
  const kindOf = Uint32Array.from(plays, (play, i) => {
    const { tier, group, kind, purpose } = actions[i]!
    const { asks, choices, policies, volumes } = play
    const lists = [asks, policies, volumes].map(numberOf)
    const key = JSON.stringify([tier, group, kind, purpose, choices === null, lists])
    let index = indexes.get(key)
    if (index === undefined) {
      index = kinds.length
      indexes.set(key, index)
      kinds.push(i)
    }
    return index
  })
  return { kindOf, kinds }
}

/** Equal lists of plays are one, so that they can be told apart without looking into them. */
function makeNumbering(): (list: object | null) => number {
  const numbers = new Map<object | null, number>()
  return (list) => {
    const number = numbers.get(list) ?? numbers.size
    numbers.set(list, number)
    return number
  }
}

function toClauses(ofPlays: readonly (readonly Clause[])[]): Clauses {
  const rows = ofPlays.flat()
  const starts = new Uint32Array(ofPlays.length + 1)
  for (const [i, { length }] of ofPlays.entries()) starts[i + 1] = starts[i]! + length
  const numbers = new Map<string, { readonly at: number; readonly read: Clause['read'] }>()
  const others = new Map<string, { readonly at: number; readonly clause: Clause }>()
  const inputs = Uint32Array.from(rows, (clause) => {
    const { name, op, bound, read } = clause
    if (typeof bound === 'number') {
      const number = numbers.get(name) ?? { at: numbers.size, read }
      numbers.set(name, number)
      return number.at
    }
    const key = JSON.stringify([name, op, bound])
    const other = others.get(key) ?? { at: others.size, clause }
    others.set(key, other)
    return other.at
  })
  return {
    starts,
    ops: Uint8Array.from(rows, ({ op, bound }) => (typeof bound === 'number' ? OPS.indexOf(op) : OTHER)),
    inputs,
    bounds: Float64Array.from(rows, ({ bound }) => (typeof bound === 'number' ? bound : 0)),
    numbers: [...numbers.values()].map(({ read }) => read),
    others: [...others.values()].map(({ clause }) => clause),
  }
}
