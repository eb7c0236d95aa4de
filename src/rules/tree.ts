import type { ASTNode } from '@marcbachmann/cel-js'

/** A part of a rule as it is written. `start` is its offset in UTF-16 units. */
export type Node = ASTNode

/** The terms of `a && b && c` in the order they are written, however they are bracketed. */
export function termsOf(node: Node, op: '&&' | '||'): Node[] {
  const terms: Node[] = []
  const open = [node]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.op === op) open.push(next.args[1], next.args[0])
    else terms.push(next)
  }
  return terms
}

/** What a node is made of; a chain of && or || is one node of many terms. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    case '!_':
    case '-_':
      return [node.args]
    case '&&':
    case '||':
      return termsOf(node, node.op)
    default:
      return node.args
  }
}

/** Whether some part stands more than so many levels deep. It descends no deeper itself. */
export function isDeeperThan(levels: number, node: Node): boolean {
  if (levels === 0) return true
  return childrenOf(node).some((child) => isDeeperThan(levels - 1, child))
}
