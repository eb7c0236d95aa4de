import type { Scalar } from 'yaml'

/** A text and, for each of its UTF-16 code units, the offset in the file it was read from. */
interface Traced {
  text: string
  readonly from: number[]
}

/**
 * Where a character of a scalar's text stands in the file.
 * @param source - the whole file
 * @param offset - in the text as YAML reads it, in UTF-16 code units; its length means its end
 * @returns an offset in the file; the scalar's start when the way back is not sure
 */
export function sourceOffset(scalar: Scalar, source: string, offset: number): number {
  const [start, end] = scalar.range ?? [0, 0]
  const traced = trace(scalar, source.slice(start, end), start)
  // Held against what the parser read: a wrong place is worse than a rough one.
  if (traced === undefined || traced.text !== scalar.value) return start
  if (offset < traced.from.length) return traced.from[Math.max(0, offset)]!
  return (traced.from.at(-1) ?? start - 1) + 1
}

function trace(scalar: Scalar, raw: string, start: number): Traced | undefined {
  switch (scalar.type) {
    case 'PLAIN':
      return traceFlow(raw, start, () => undefined)
    case 'QUOTE_SINGLE':
      return traceFlow(raw.slice(1, -1), start + 1, singleQuoted)
    case 'QUOTE_DOUBLE':
      return traceFlow(raw.slice(1, -1), start + 1, doubleQuoted)
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return traceBlock(raw, start, scalar.type === 'BLOCK_FOLDED')
    default:
      return undefined
  }
}

/** What an escape at a position says and how long it is written; undefined where none begins. */
type Escape = (raw: string, at: number) => { readonly says: string; readonly length: number } | undefined

const singleQuoted: Escape = (raw, at) => (raw.startsWith("''", at) ? { says: "'", length: 2 } : undefined)

const doubleQuoted: Escape = (raw, at) => {
  if (raw[at] !== '\\') return undefined
  const folded = /^\\\r?\n[ \t]*/.exec(raw.slice(at, at + 200))
  if (folded) return { says: '', length: folded[0].length }
  const digits = { x: 2, u: 4, U: 8 }[raw[at + 1] ?? '']
  if (digits !== undefined) {
    const code = Number.parseInt(raw.slice(at + 2, at + 2 + digits), 16)
    return { says: code <= 0x10ffff ? String.fromCodePoint(code) : '', length: 2 + digits }
  }
  const letter = raw[at + 1] ?? ''
  return { says: ESCAPES[letter] ?? letter, length: 2 }
}

const ESCAPES: Readonly<Record<string, string>> = {
  0: '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
}

/** Plain and quoted scalars: one line end is a space, more are one fewer line ends, and indentation is nothing. */
function traceFlow(raw: string, start: number, escapeAt: Escape): Traced {
  const traced: Traced = { text: '', from: [] }
  for (let at = 0; at < raw.length; ) {
    const escaped = escapeAt(raw, at)
    const lineEnds = escaped === undefined ? lineEndsAt(raw, at) : undefined
    if (escaped !== undefined) {
      add(traced, escaped.says, start + at)
      at += escaped.length
    } else if (lineEnds !== undefined) {
      add(traced, lineEnds.count === 1 ? ' ' : '\n'.repeat(lineEnds.count - 1), start + at)
      at += lineEnds.length
    } else {
      add(traced, raw[at]!, start + at)
      at++
    }
  }
  return traced
}

const LINE_ENDS = /[ \t]*\r?\n[ \t\r\n]*/y

function lineEndsAt(
  raw: string,
  at: number,
): { readonly count: number; readonly length: number } | undefined {
  const first = raw[at]!
  if (first !== ' ' && first !== '\t' && first !== '\r' && first !== '\n') return undefined
  LINE_ENDS.lastIndex = at
  const found = LINE_ENDS.exec(raw)?.[0]
  return found === undefined ? undefined : { count: found.split('\n').length - 1, length: found.length }
}

/** Block scalars: the header and the indentation go, and in a folded one so do single line ends. */
function traceBlock(raw: string, start: number, folded: boolean): Traced | undefined {
  const header = /^[|>]([-+]?)([1-9]?)([-+]?)[^\n]*(\n|$)/.exec(raw)
  if (header === null) return undefined
  const lines = linesOf(raw, header[0].length)
  const first = lines.find((line) => line.text.trim() !== '')
  if (first === undefined) return undefined
  // An indentation that is written in the header is counted from the parent, whom we do not know: not sure.
  if (header[2] !== '') return undefined
  const indent = first.text.length - first.text.trimStart().length
  const traced: Traced = { text: '', from: [] }
  let before: Line | undefined
  let empty = 0
  for (const line of lines.map((each) => cut(each, indent))) {
    if (line.text === '') {
      empty++
      continue
    }
    if (before !== undefined || empty > 0) addBreaks(traced, before, line, empty, folded, start)
    for (let i = 0; i < line.text.length; i++) add(traced, line.text[i]!, start + line.at + i)
    before = line
    empty = 0
  }
  const chomp = header[1] || header[3]
  const end = chomp === '-' ? '' : '\n'.repeat(chomp === '+' ? empty + 1 : 1)
  if (before !== undefined) add(traced, end, start + before.at + before.text.length)
  return traced
}

/** One line and where it begins in the scalar. */
interface Line {
  readonly text: string
  readonly at: number
}

function linesOf(raw: string, from: number): Line[] {
  const lines: Line[] = []
  let at = from
  for (const text of raw.slice(from).replace(/\n$/, '').split('\n')) {
    lines.push({ text: text.replace(/\r$/, ''), at })
    at += text.length + 1
  }
  return lines
}

function cut(line: Line, indent: number): Line {
  return { text: line.text.slice(indent), at: line.at + Math.min(indent, line.text.length) }
}

function addBreaks(
  traced: Traced,
  before: Line | undefined,
  line: Line,
  empty: number,
  folded: boolean,
  start: number,
): void {
  const at = before === undefined ? start + line.at : start + before.at + before.text.length
  const keeps = before === undefined || !folded || isIndented(before) || isIndented(line)
  const breaks = keeps ? '\n'.repeat(empty + (before === undefined ? 0 : 1)) : '\n'.repeat(empty) || ' '
  add(traced, breaks, at)
}

function isIndented(line: Line): boolean {
  return line.text.startsWith(' ') || line.text.startsWith('\t')
}

function add(traced: Traced, text: string, from: number): void {
  traced.text += text
  for (let i = 0; i < text.length; i++) traced.from.push(from)
}
