import type { TextFault } from '../domain/template.ts'

/** `{{name | filter | filter}}` as written; offsets in UTF-16 code units of the text. */
export interface Hole {
  readonly offset: number
  readonly name: string
  readonly filters: readonly { readonly name: string; readonly offset: number }[]
}

export type TextPart = string | Hole

export interface ParsedText {
  /** Neighbouring literals are one; none is empty. */
  readonly parts: readonly TextPart[]
  readonly faults: readonly TextFault[]
}

const LITERAL_BRACES = /^\{\{\s*"\{\{"\s*\}\}/
const NAME = /^[\p{L}\p{N}_$]+(\.[\p{L}\p{N}_$]+)*$/u

/** A text cut into literals and holes. Holes at fault are left out. */
export function parseText(text: string): ParsedText {
  const parts: TextPart[] = []
  const faults: TextFault[] = []
  let literal = ''
  let at = 0
  for (;;) {
    const open = text.indexOf('{{', at)
    literal += text.slice(at, open < 0 ? undefined : open)
    if (open < 0) break
    // The longest way to write the braces is short, blanks aside: a slice keeps the search linear.
    const braces = LITERAL_BRACES.exec(text.slice(open, open + 64))
    if (braces !== null) {
      literal += '{{'
      at = open + braces[0].length
      continue
    }
    const close = text.indexOf('}}', open + 2)
    if (close < 0) {
      faults.push(unclosed(open))
      break
    }
    const hole = parseHole(text.slice(open + 2, close), open, faults)
    if (hole !== null) {
      if (literal !== '') parts.push(literal)
      parts.push(hole)
      literal = ''
    }
    at = close + 2
  }
  if (literal !== '') parts.push(literal)
  return { parts, faults }
}

function unclosed(offset: number): TextFault {
  return {
    offset,
    what: '“{{” is never closed',
    remedy: 'close it with “}}”, or write {{"{{"}} for the two braces themselves',
  }
}

function parseHole(inner: string, offset: number, faults: TextFault[]): Hole | null {
  const brace = inner.search(/[{}]/)
  if (brace >= 0) {
    faults.push({
      offset: offset + 2 + brace,
      what: 'there is a brace between “{{” and “}}”',
      remedy: 'close each “{{” with “}}” before the next',
    })
    return null
  }
  const [written, ...rest] = inner.split('|') as [string, ...string[]]
  const name = written.trim()
  if (name === '') {
    faults.push({
      offset,
      what: 'there is no name between “{{” and “}}”',
      remedy: 'name a value, such as {{action.id}}',
    })
    return null
  }
  if (!NAME.test(name)) {
    faults.push({
      offset,
      what: `“${name}” is not a name`,
      remedy: 'write a name such as action.id, and filters behind a “|”',
    })
    return null
  }
  let end = offset + 2 + written.length
  const filters = rest.map((filter) => {
    const start = end + 1 + filter.length - filter.trimStart().length
    end += 1 + filter.length
    return { name: filter.trim(), offset: start }
  })
  return { offset, name, filters }
}
