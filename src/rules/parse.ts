import { Environment } from '@marcbachmann/cel-js'
import type { RuleFault } from '../domain/rule.ts'
import { isDeeperThan, type Node } from './tree.ts'

/** Longer rules are refused before they are parsed. */
export const LONGEST_RULE = 10_000
/** Bounds of what is parsed. Maps are told of as such, however large they are. */
const LIMITS = {
  maxAstNodes: 2000,
  maxDepth: 64,
  maxListElements: 500,
  maxMapEntries: 2000,
  maxCallArguments: 8,
}
/** Keeps every recursion over the tree far from the end of the stack: the parser does not count `!!!!` and `1 + 1 + 1`. */
const MOST_LEVELS = 200

/** One for each rule: a parser remembers every function name that it has ever read. Optional fields are read to be told of. */
function newParser(): Environment {
  return new Environment({ limits: LIMITS, enableOptionalTypes: true })
}

/** The syntax tree of a rule, or the one fault that keeps it from being read. */
export function parseRule(source: string): Node | RuleFault {
  if (source.trim() === '') {
    return { offset: 0, what: 'this rule is empty', remedy: 'write a condition, or leave the key out' }
  }
  if (source.length > LONGEST_RULE) {
    return {
      offset: LONGEST_RULE,
      what: `a rule has at most ${LONGEST_RULE} characters`,
      remedy: 'shorten it',
    }
  }
  try {
    const tree = newParser().parse(source).ast
    return isDeeperThan(MOST_LEVELS, tree) ? tooDeep(tree.start) : tree
  } catch (error) {
    return toFault(source, error as ThrownByParser)
  }
}

function tooDeep(offset: number): RuleFault {
  return { offset, what: 'this rule is nested too deeply', remedy: 'make it simpler, or split it' }
}

interface ThrownByParser {
  /** Absent from a RangeError: the stack that a very deep rule has used up. */
  readonly code?: string
  readonly summary?: string
  readonly range?: { readonly start: number }
}

/** The parser’s own words are for programmers. */
function toFault(source: string, { code, summary = '', range }: ThrownByParser): RuleFault {
  const offset = range?.start ?? 0
  if (code === undefined) return tooDeep(0)
  if (code === 'limit_exceeded') return limitFault(offset, summary)
  const rest = source.slice(offset)
  if (code === 'reserved_identifier') {
    return { offset, what: `"${/^\w+/.exec(rest)?.[0]}" is reserved by CEL`, remedy: 'use another name' }
  }
  const told = BY_CODE[code] ?? (code.includes('escape') ? ESCAPE : undefined)
  if (told !== undefined) return { offset, what: told[0], remedy: told[1] }
  return (
    hintAt(source, offset) ??
    (rest.trim() === ''
      ? { offset, what: 'the rule ends too early', remedy: 'complete it, or close what is open' }
      : { offset, what: `the rule cannot be read from "${excerpt(rest)}" on`, remedy: 'correct it here' })
  )
}

type Sentence = readonly [what: string, remedy: string]

const UNTERMINATED: Sentence = ['this text has no closing quote', 'close it with the quote it begins with']
const ESCAPE: Sentence = ['this text has a backslash that means nothing', 'write \\\\ for a backslash']
const NUMBER: Sentence = ['this is no number', 'write it like 12, 0.5 or 1e6']
const BY_CODE: Readonly<Record<string, Sentence>> = {
  unterminated_string: UNTERMINATED,
  unterminated_triple_quoted_string: UNTERMINATED,
  newline_in_string: ['this text goes over the end of its line', 'write \\n, or put it in three quotes'],
  invalid_unicode_surrogate: ['this is half a character', 'write the whole one'],
  invalid_number: NUMBER,
  invalid_integer: NUMBER,
  invalid_hex_integer: NUMBER,
  invalid_exponent: NUMBER,
  invalid_macro_argument: ['a variable is needed here', 'write a name, as x in exists(x, x > 1)'],
}

/** What people write who come from other languages, as it stands at a fault. */
const HINTS: readonly (readonly [pattern: RegExp, ...Sentence])[] = [
  [/=(?!=)/y, '"=" compares nothing', 'write == for equal'],
  [/&(?!&)/y, '"&" is no operator', 'write && for and'],
  [/\|(?!\|)/y, '"|" is no operator', 'write || for or'],
  [/(?<=<)>/y, '"<>" is no operator', 'write != for not equal'],
  [/and\b/iy, '"and" is no operator', 'write && for and'],
  [/or\b/iy, '"or" is no operator', 'write || for or'],
  [/not\b/iy, '"not" is no operator', 'write ! for not'],
  [/is\b/iy, '"is" is no operator', 'write == for equal'],
  [/in\b/iy, '"in" is written in small letters', 'write in'],
  [/\.\d/y, 'a number begins with a digit', 'write 0.5 for .5'],
  [/[‘’‚“”„«»‹›]/y, 'this is a typographic quote', 'use " or \''],
  [/[\p{Cc}\p{Cf}\p{Zs}]/uy, 'an invisible character stands here', 'delete it, or write a plain space'],
]

function hintAt(source: string, offset: number): RuleFault | undefined {
  // A "not" in front is taken for a name, and the fault is found after it.
  const at = /\bnot\s+$/i.exec(source.slice(0, offset))?.index ?? offset
  const hint = HINTS.find(([pattern]) => {
    pattern.lastIndex = at
    return pattern.test(source)
  })
  return hint && { offset: at, what: hint[1], remedy: hint[2] }
}

function limitFault(offset: number, summary: string): RuleFault {
  if (summary.includes('Depth')) return tooDeep(offset)
  const remedy = 'make the rule simpler, or split it'
  if (summary.includes('List'))
    return { offset, what: `this list has more than ${LIMITS.maxListElements} elements`, remedy }
  if (summary.includes('Call')) return { offset, what: 'this has too many arguments', remedy }
  return { offset, what: `the rule has more than ${LIMITS.maxAstNodes} parts`, remedy }
}

function excerpt(text: string): string {
  const line = [...text.slice(0, 60).split('\n')[0]!.trim()]
  return line.length <= 24 ? line.join('') : `${line.slice(0, 23).join('')}…`
}
