import { childrenOf, type Node } from './tree.ts'

/** Steps that one evaluation of a rule may take at most. A step is some ten nanoseconds. */
export const MOST_STEPS = 10_000

const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map'])

/**
 * The most elements that a list can have, then those that its elements can have, and so on; empty for what is no list.
 * Lists begin as written ones: attributes hold none.
 */
type Sizes = readonly number[]
type Variables = ReadonlyMap<string, Sizes>

/** An upper bound of the steps that one evaluation takes: every part once, the body of a loop once per element. */
export function stepsOf(node: Node, variables: Variables = new Map()): number {
  if (isLoop(node)) {
    const [, list, [, body]] = node.args
    const sizes = sizesOf(list, variables)
    return stepsOf(list, variables) + (sizes[0] ?? 0) * (1 + stepsOf(body!, within(node, sizes, variables)))
  }
  if (node.op === '?:') {
    // What is asked is worked out twice where it stays undecided: whether it may come true, and whether false.
    const [test, yes, no] = node.args.map((part) => stepsOf(part, variables)) as [number, number, number]
    return 1 + 2 * test + yes + no
  }
  const own = childrenOf(node).reduce((sum, child) => sum + stepsOf(child, variables), 1)
  return node.op === '==' || node.op === '!=' || node.op === 'in' ? own + comparisons(node, variables) : own
}

/** How many single values are compared when lists are. */
function comparisons(node: Node & { op: '==' | '!=' | 'in' }, variables: Variables): number {
  const a = sizesOf(node.args[0], variables)
  const b = sizesOf(node.args[1], variables)
  if (node.op !== 'in') return cells(a, b)
  const [length = 0, ...inside] = b
  return length * Math.max(1, cells(a, inside))
}

function cells(a: Sizes, b: Sizes): number {
  return a.reduce((product, size, level) => product * Math.min(size, b[level] ?? 0), a.length > 0 ? 1 : 0)
}

/** How many loops stand inside one another; of `list.filter(…).map(…)` neither stands in the other. */
export function loopsOf(node: Node): number {
  if (!isLoop(node)) return Math.max(0, ...childrenOf(node).map(loopsOf))
  const [, list, [, body]] = node.args
  return Math.max(loopsOf(list), 1 + loopsOf(body!))
}

function sizesOf(node: Node, variables: Variables): Sizes {
  switch (node.op) {
    case 'id':
      return variables.get(node.args) ?? []
    case 'list':
      return [node.args.length, ...largest(node.args.map((element) => sizesOf(element, variables)))]
    case '?:':
      return largest([sizesOf(node.args[1], variables), sizesOf(node.args[2], variables)])
    case '[]':
      return sizesOf(node.args[0], variables).slice(1)
    case 'rcall': {
      const [name, list, [, body]] = node.args
      const sizes = name === 'filter' || name === 'map' ? sizesOf(list, variables) : []
      return name === 'map' ? [sizes[0] ?? 0, ...sizesOf(body!, within(node, sizes, variables))] : sizes
    }
    default:
      return []
  }
}

/** Level by level the largest. */
function largest(all: readonly Sizes[]): Sizes {
  return all.reduce<number[]>((most, sizes) => {
    sizes.forEach((size, level) => {
      most[level] = Math.max(most[level] ?? 0, size)
    })
    return most
  }, [])
}

type Loop = Node & { op: 'rcall' }

function isLoop(node: Node): node is Loop {
  return node.op === 'rcall' && LOOPS.has(node.args[0])
}

/** The variables inside of a loop over a list of these sizes. */
function within({ args: [, , [variable]] }: Loop, sizes: Sizes, variables: Variables): Variables {
  return variable!.op === 'id' ? new Map(variables).set(variable!.args, sizes.slice(1)) : variables
}
