import type { Json } from '../domain/canonical-json.ts'
import {
  Missing,
  type Template,
  type TemplateFault,
  type TemplateScope,
  type TemplateValues,
} from '../domain/template.ts'
import { compileText, type Fill, type Read } from './compile-text.ts'
import type { ContentType } from './escape.ts'

/** Deeper content is refused, so that no content can exhaust the stack. */
const DEEPEST = 64

/** Keys whose texts are addresses: `url`, `imageUrl`, `link`, `links`. */
const ADDRESS_KEY = /(url|href|link|src|image)s?$/i

interface Work {
  readonly contentType: ContentType
  readonly scope: TemplateScope
  readonly reads: Map<string, Read>
  readonly faults: TemplateFault[]
}

type Path = readonly (string | number)[]

/** Content that holds no template stays the object it is. */
type Compiled<Result = Json> = { readonly constant: Result } | { readonly fill: Fill<Result> }

/**
 * Checks and compiles the content of a treatment: every text in it may hold `{{name}}` or `{{name | filter}}`.
 * Returns every fault at once when there is one. Checking and rendering take time linear in the content.
 */
export function compileTemplate(
  content: Json,
  contentType: ContentType,
  scope: TemplateScope,
): Template | readonly TemplateFault[] {
  const work: Work = { contentType, scope, reads: new Map(), faults: [] }
  const compiled = compile(content, [], null, work)
  if (work.faults.length > 0) return work.faults
  const reads = new Set(work.reads.keys())
  if (!('fill' in compiled))
    return { reads, isStatic: true, lacks: () => null, render: () => compiled.constant }
  const readers = [...work.reads]
  const lacks = (values: TemplateValues) => {
    for (const [name, read] of readers) if (read(values) === undefined) return name
    return null
  }
  return { reads, isStatic: false, lacks, render: compiled.fill }
}

function compile(content: Json, path: Path, key: string | null, work: Work): Compiled {
  if (typeof content === 'string') return compileLeaf(content, path, key, work)
  if (content === null || typeof content !== 'object') return { constant: content }
  if (path.length >= DEEPEST) {
    const what = `the content is nested more than ${DEEPEST} levels deep`
    work.faults.push({ path, offset: 0, what, remedy: 'flatten it' })
    return { constant: content }
  }
  if (isList(content)) {
    const items = content.map((item, index) => compile(item, [...path, index], key, work))
    return compileList(content, items)
  }
  const members = Object.entries(content).map(([name, value]) => {
    checkKey(name, [...path, name], work)
    return [name, compile(value, [...path, name], name, work)] as const
  })
  return compileObject(content, members)
}

function isList(content: Json): content is readonly Json[] {
  return Array.isArray(content)
}

function compileLeaf(text: string, path: Path, key: string | null, work: Work): Compiled {
  const addressKey = key !== null && ADDRESS_KEY.test(key) ? key : null
  const compiled = compileText(text, { ...work, addressKey })
  if (typeof compiled === 'string') return { constant: compiled }
  if (typeof compiled === 'function') return { fill: compiled }
  work.faults.push(...compiled.map((fault) => ({ path, ...fault })))
  return { constant: text }
}

function checkKey(key: string, path: Path, work: Work): void {
  const offset = key.indexOf('{{')
  if (offset < 0) return
  const what = 'there is a “{{” in a key, and keys are never templates'
  work.faults.push({ path, offset, what, remedy: 'write the key out' })
}

function compileList(content: readonly Json[], items: readonly Compiled[]): Compiled<readonly Json[]> {
  if (items.every(isConstant)) {
    const constants = items.map((item) => item.constant)
    return { constant: constants.every((item, index) => item === content[index]) ? content : constants }
  }
  return {
    fill: (values, locale) => {
      const filled: Json[] = []
      for (const item of items) {
        const value = isConstant(item) ? item.constant : item.fill(values, locale)
        if (value instanceof Missing) return value
        filled.push(value)
      }
      return filled
    },
  }
}

function compileObject(
  content: { readonly [key: string]: Json },
  members: readonly (readonly [string, Compiled])[],
): Compiled {
  const keys = members.map(([key]) => key)
  const written = Object.values(content)
  const list = compileList(
    written,
    members.map(([, value]) => value),
  )
  // `fromEntries` defines each key, so that a key `__proto__` is a key like any other.
  const assemble = (values: readonly Json[]): Json =>
    Object.fromEntries(values.map((value, index) => [keys[index]!, value]))
  if (isConstant(list)) return { constant: list.constant === written ? content : assemble(list.constant) }
  return {
    fill: (values, locale) => {
      const filled = list.fill(values, locale)
      return filled instanceof Missing ? filled : assemble(filled)
    },
  }
}

function isConstant<Result>(compiled: Compiled<Result>): compiled is { readonly constant: Result } {
  return 'constant' in compiled
}
