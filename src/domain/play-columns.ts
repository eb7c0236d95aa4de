import type { Clause, RuleContext } from './rule.ts'

/**
 * What decides most of the plays of a placement, side by side: a thousand of them are looked through without touching one.
 * Each array has an entry for each play, in order.
 */
export interface PlayColumns {
  /** Index into {@link kinds}. */
  readonly kindOf: Uint32Array
  /** The first play of each kind. Those of one kind differ in their action alone, and not in its tier, group, kind or purpose. */
  readonly kinds: readonly number[]
  /** Validity of the action, epoch milliseconds, half open; of an inactive one never. */
  readonly from: Float64Array
  readonly to: Float64Array
  /** 0 where the action’s own rules are told by {@link Clauses} altogether, and its value by a number. */
  readonly hasMore: Uint8Array
  readonly clauses: Clauses
}

/** Comparisons of numbers, and what else is compared. All rows of a play have to hold. */
export interface Clauses {
  /** Those of the play at `i` are the rows from `starts[i]` to before `starts[i + 1]`. */
  readonly starts: Uint32Array
  readonly ops: Uint8Array
  /** Index into {@link numbers}; into {@link others} where `ops` has {@link OTHER}. */
  readonly inputs: Uint32Array
  /** What a number is compared with. */
  readonly bounds: Float64Array
  readonly numbers: readonly Clause['read'][]
  readonly others: readonly Clause[]
}

export const OPS = ['<', '<=', '>', '>=', '==', '!='] as const
/** No number is compared: of these there are few that differ, so each is worked out once. */
export const OTHER = 6

/** Whether all clauses of a play hold; null where what one of them reads is not there, or is of another type. */
export type Holds = (play: number) => boolean | null

/** How the clauses come out here. Each thing is read once. */
export function holdsIn(clauses: Clauses, context: RuleContext): Holds {
  const { starts, ops, inputs, bounds } = clauses
  // What is no number is NaN, of which nothing can be told; nor is NaN itself told anything of here.
  const numbers = Float64Array.from(clauses.numbers, (read) => {
    const value = read(context)
    return typeof value === 'number' ? value : Number.NaN
  })
  const others = clauses.others.map(({ read, op, bound }) => {
    const value = read(context)
    return typeof value === 'object' ? null : (value === bound) === (op === '==')
  })
  return (play) => {
    let isSure = true
    const end = starts[play + 1]!
    for (let row = starts[play]!; row < end; row++) {
      const holds =
        ops[row] === OTHER ? others[inputs[row]!]! : compare(numbers[inputs[row]!]!, ops[row]!, bounds[row]!)
      // One that does not hold settles it, whatever is not known of the others.
      if (holds === false) return false
      if (holds === null) isSure = false
    }
    return isSure ? true : null
  }
}

function compare(value: number, op: number, bound: number): boolean | null {
  if (Number.isNaN(value)) return null
  switch (op) {
    case 0:
      return value < bound
    case 1:
      return value <= bound
    case 2:
      return value > bound
    case 3:
      return value >= bound
    case 4:
      return value === bound
    default:
      return value !== bound
  }
}
