import type { TextFault } from '../domain/template.ts'
import { isUrlEncoded } from './filters.ts'
import { useOfAttribute } from './html-attributes.ts'
import { type HtmlState, readHtml, startHtml } from './html-state.ts'
import type { Hole, TextPart } from './parse-text.ts'
import { HOLE, urlFault } from './url-holes.ts'

/**
 * Every hole that stands where no escaping could make its value harmless. Values in all other places are safe once
 * & < > " ' are escaped. `length`: of the whole text as written.
 */
export function htmlFaults(parts: readonly TextPart[], length: number): TextFault[] {
  const holes = parts.filter((part) => typeof part !== 'string')
  if (holes.length === 0) return []
  const faults: TextFault[] = []
  const state = startHtml()
  const inValue: Hole[] = []
  const closeAttribute = () => {
    for (const hole of inValue) {
      const fault = attributeFault(hole, state)
      if (fault !== null) faults.push({ offset: hole.offset, ...fault })
    }
    inValue.length = 0
  }
  let before = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      for (const char of part) readHtml(state, char, closeAttribute)
      before = part
      continue
    }
    const fault = placeFault(state) ?? referenceFault(before)
    if (fault !== null) faults.push({ offset: part.offset, ...fault })
    else if (isQuoted(state)) inValue.push(part)
    // A value has at least one character, and only in quotes does it matter which.
    readHtml(state, isQuoted(state) ? HOLE : 'x', closeAttribute)
    before = ''
  }
  const open = openFault(state)
  if (open !== null) faults.push({ offset: length, ...open })
  return faults.sort((a, b) => a.offset - b.offset)
}

type Why = Omit<TextFault, 'offset'>

function isQuoted({ place }: HtmlState): boolean {
  return place === 'double' || place === 'single'
}

/** Why a value may not stand at this place, whatever attribute it is in. */
function placeFault(state: HtmlState): Why | null {
  const { place, tag, attribute, lost } = state
  if (lost !== null) {
    return {
      what: `a value cannot stand behind the start of <${lost}>: what is markup there differs between browsers`,
      remedy: `put the value before it, or keep “<” out of <${lost}>`,
    }
  }
  const foreign = state.foreign[0]
  if (foreign !== undefined) {
    return {
      what: `a value cannot stand inside <${foreign}>`,
      remedy: `put it before <${foreign}> or behind </${foreign}>`,
    }
  }
  switch (place) {
    case 'text':
    case 'double':
    case 'single':
      return null
    case 'raw':
      return rawFault(state)
    case 'tagOpen':
    case 'endTagOpen':
    case 'tagName':
      return {
        what: 'a value cannot name a tag',
        remedy: 'write the tag out; a “<” in a text is written &lt;',
      }
    case 'beforeName':
    case 'name':
    case 'afterName':
      return {
        what: `a value cannot stand among the attributes of <${tag}>`,
        remedy: 'write the attribute out and put the value into its quotes',
      }
    case 'beforeValue':
    case 'unquoted':
      return {
        what: `the value of the attribute ${attribute} is not in quotes`,
        remedy: `write ${attribute}="…" around all of it`,
      }
    case 'comment':
      return { what: 'a value cannot stand in a comment', remedy: 'take it out of the comment' }
    case 'declaration':
    case 'bogus':
      return { what: 'a value cannot stand in a declaration', remedy: 'take it out of <!…>, <?…> or </…>' }
  }
}

function rawFault({ tag, tail }: HtmlState): Why | null {
  if (tag === 'title' || tag === 'textarea') {
    return tail === ''
      ? null
      : { what: 'a value cannot name a tag', remedy: 'write the tag out; a “<” in a text is written &lt;' }
  }
  return {
    what: `a value cannot stand in <${tag}>`,
    remedy:
      tag === 'script'
        ? 'put it into a data-… attribute and let the script read it'
        : tag === 'style'
          ? 'use classes'
          : 'put it into the text itself',
  }
}

/** `&l` and a value `t;` would be one character reference. */
function referenceFault(before: string): Why | null {
  return /&#?[0-9A-Za-z]*$/.test(before.slice(-40))
    ? { what: 'a value cannot stand directly behind “&”', remedy: 'write &amp; for the character itself' }
    : null
}

function attributeFault(hole: Hole, { tag, attribute, value }: HtmlState): Why | null {
  const use = useOfAttribute(tag, attribute)
  if (use === 'plain') return null
  if (use !== 'address') return use
  if (!isUrlEncoded(hole)) {
    return {
      what: `the attribute ${attribute} is an address, and ${hole.name} is not encoded for it`,
      remedy: `end it with the filter url: {{${hole.name} | url}}`,
    }
  }
  return urlFault(value, true)
}

/** What is put behind the text must not land inside a tag of it. */
function openFault({ place, tag }: HtmlState): Why | null {
  if (place === 'text') return null
  return place === 'raw'
    ? { what: `<${tag}> is never closed`, remedy: `close it with </${tag}> in the same text` }
    : { what: 'the text ends inside a tag or comment', remedy: 'close it in the same text' }
}
