/**
 * Where a reader of HTML stands after some text: the tokenizer of the HTML standard, as far as holes need it.
 * `raw` is the inside of an element whose content is no markup, up to its end tag.
 */
export type HtmlPlace =
  | 'text'
  | 'tagOpen'
  | 'endTagOpen'
  | 'tagName'
  | 'beforeName'
  | 'name'
  | 'afterName'
  | 'beforeValue'
  | 'double'
  | 'single'
  | 'unquoted'
  | 'declaration'
  | 'comment'
  | 'bogus'
  | 'raw'

export interface HtmlState {
  place: HtmlPlace
  /** Name of the open tag or raw element, in lower case. */
  tag: string
  isEndTag: boolean
  selfClosing: boolean
  /** Name of the open attribute, in lower case, and its value as written. */
  attribute: string
  value: string
  /** The last characters that decide how a comment, declaration or raw element ends. */
  tail: string
  /** Open `svg` and `math` elements, where other rules hold. */
  readonly foreign: string[]
  /** The element after which browsers may disagree on what is markup; from there on nothing is safe. */
  lost: string | null
}

export function startHtml(): HtmlState {
  return {
    place: 'text',
    tag: '',
    isEndTag: false,
    selfClosing: false,
    attribute: '',
    value: '',
    tail: '',
    foreign: [],
    lost: null,
  }
}

/** Elements whose content is no markup; in `title` and `textarea` character references still count. */
const RAW = new Set([
  ...['title', 'textarea', 'script', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript'],
  'plaintext',
])

/** Reads one more character. `onAttribute` is called when the value of a quoted attribute is complete. */
export function readHtml(state: HtmlState, char: string, onAttribute: () => void): void {
  READERS[state.place](state, char, onAttribute)
}

type Read = (state: HtmlState, char: string, onAttribute: () => void) => void

const READERS: Readonly<Record<HtmlPlace, Read>> = {
  text: (state, char) => {
    if (char === '<') state.place = 'tagOpen'
  },
  tagOpen: readTagOpen,
  endTagOpen: readTagOpen,
  tagName: readInTag,
  beforeName: readInTag,
  name: readInTag,
  afterName: readInTag,
  beforeValue: readBeforeValue,
  double: readQuoted('"'),
  single: readQuoted("'"),
  unquoted: (state, char) => {
    if (isBlank(char)) state.place = 'beforeName'
    else if (char === '>') closeTag(state)
  },
  declaration: readDeclaration,
  comment: readComment,
  bogus: (state, char) => {
    if (char === '>') state.place = 'text'
  },
  raw: readRaw,
}

function readQuoted(quote: string): Read {
  return (state, char, onAttribute) => {
    if (char === quote) {
      onAttribute()
      state.place = 'beforeName'
    } else {
      state.value += char
    }
  }
}

function readTagOpen(state: HtmlState, char: string): void {
  const isEndTag = state.place === 'endTagOpen'
  if (/[A-Za-z]/.test(char)) {
    Object.assign(state, { place: 'tagName', tag: lower(char), isEndTag, selfClosing: false })
  } else if (isEndTag) {
    state.place = char === '>' ? 'text' : 'bogus'
  } else if (char === '!') {
    state.place = 'declaration'
    state.tail = ''
  } else if (char === '/') {
    state.place = 'endTagOpen'
  } else if (char === '?') {
    state.place = 'bogus'
  } else if (char !== '<') {
    state.place = 'text'
  }
}

function readInTag(state: HtmlState, char: string): void {
  if (char === '>') {
    closeTag(state)
    return
  }
  state.selfClosing = char === '/'
  if (char === '/') {
    state.place = 'beforeName'
  } else if (isBlank(char)) {
    if (state.place === 'tagName') state.place = 'beforeName'
    if (state.place === 'name') state.place = 'afterName'
  } else if (state.place === 'tagName') {
    state.tag += lower(char)
  } else if (char === '=' && state.place !== 'beforeName') {
    state.place = 'beforeValue'
  } else if (state.place === 'name') {
    state.attribute += lower(char)
  } else {
    state.place = 'name'
    state.attribute = lower(char)
  }
}

function readBeforeValue(state: HtmlState, char: string): void {
  if (isBlank(char)) return
  state.value = ''
  if (char === '"') state.place = 'double'
  else if (char === "'") state.place = 'single'
  else if (char === '>') closeTag(state)
  else state.place = 'unquoted'
}

function closeTag(state: HtmlState): void {
  const { tag, foreign } = state
  state.place = 'text'
  if (state.isEndTag) {
    if (foreign.at(-1) === tag) foreign.pop()
    return
  }
  const isEmpty = state.selfClosing && (foreign.length > 0 || isForeign(tag))
  if (isEmpty) return
  if (isForeign(tag)) foreign.push(tag)
  if (!RAW.has(tag)) return
  state.place = 'raw'
  state.tail = ''
  if (tag === 'plaintext') lose(state)
}

function isForeign(tag: string): boolean {
  return tag === 'svg' || tag === 'math'
}

/** `<!--` opens a comment; anything else ends at the first `>`, save CDATA inside svg and math. */
function readDeclaration(state: HtmlState, char: string): void {
  if (char === '-') {
    if (state.tail === '-') {
      state.place = 'comment'
      state.tail = ''
    } else {
      state.tail = '-'
    }
    return
  }
  if (char === '[' && state.foreign.length > 0) lose(state)
  state.place = char === '>' ? 'text' : 'bogus'
}

function readComment(state: HtmlState, char: string): void {
  const { tail } = state
  // `<!-->` and `<!--->` are whole comments, and `--!>` ends one as `-->` does.
  const ends = tail === '' || tail === '-' || tail.endsWith('--') || tail === '--!'
  if (char === '>' && ends) state.place = 'text'
  else state.tail = (tail + char).slice(-3)
}

/**
 * Up to the end tag. Whether an element is read as raw depends on what is around it (svg, select, scripting), but
 * without a `<` in it both ways of reading end at the same place; with one we are lost. Only scripts need it.
 */
function readRaw(state: HtmlState, char: string): void {
  const end = `</${state.tag}`
  if (state.tail === end && (isBlank(char) || char === '/' || char === '>')) {
    Object.assign(state, { place: 'beforeName', isEndTag: true, selfClosing: false })
    readInTag(state, char)
    return
  }
  const tail = state.tail === '' && char !== '<' ? '' : state.tail + lower(char)
  if (tail === '' || end.startsWith(tail)) {
    state.tail = tail
    return
  }
  const isScript = state.tag === 'script' && state.foreign.length === 0
  // A comment in a script changes which end tag counts.
  const comment = '<!--'
  if (!isScript || tail === comment) lose(state)
  if (isScript && comment.startsWith(tail)) state.tail = tail
  else state.tail = char === '<' ? '<' : ''
}

function lose(state: HtmlState): void {
  state.lost ??= state.place === 'raw' ? state.tag : state.foreign.at(-1)!
}

function isBlank(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r' || char === '\f'
}

/** ASCII only, as the standard has it: the Kelvin sign is no k. */
function lower(char: string): string {
  return char >= 'A' && char <= 'Z' ? char.toLowerCase() : char
}
