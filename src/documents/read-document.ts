import { readFile } from 'node:fs/promises'
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import type * as z from 'zod'
import { EmmaError, type ErrorCode, type Fault, failure } from '../domain/errors.ts'
import { issueFaults, lowerFirst } from './issue-faults.ts'
import { sourceOffset } from './scalar-offsets.ts'

/** A YAML or JSON text as a value, with the place of every part of it. */
export interface WrittenDocument {
  readonly value: unknown
  /** `file:line:column` of the innermost part of the path that is written. */
  place(path: readonly PropertyKey[]): string
  /**
   * `file:line:column` of a character inside a text, such as a rule: `offset` counts UTF-16 code units of the text as
   * it is read. Where the way back through quotes and folds is not sure, the start of the text.
   */
  within(path: readonly PropertyKey[], offset: number): string
}

/** Steps from the top, a name and its value counted apart: deeper than any catalogue, and far from where a stack ends. */
const DEEPEST = 100
const TOO_DEEP = { what: 'this is nested too deeply', remedy: 'write it flatter' }

/** Who has so many sees enough of them. */
const MOST_FAULTS = 1000

const MEND_YAML =
  'mend the YAML here; put quotes around a text that holds : # ! & * or begins with { [ or a quote'

function tagFault(tag: string): Pick<Fault, 'what' | 'remedy'> {
  return { what: `the tag ${tag} is not allowed`, remedy: 'quote the rule or text that begins with "!"' }
}

/** @throws EmmaError with the code when the file cannot be read, or is not plain YAML. */
export async function readDocumentFile(file: string, code: ErrorCode): Promise<WrittenDocument> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw failure(
      code,
      file,
      `the file cannot be read (${(error as NodeJS.ErrnoException).code})`,
      'check the path and its permissions',
      error,
    )
  }
  return parseWritten(text, file, code)
}

/**
 * Parses YAML 1.2 (and so JSON). Every error and warning, tag, anchor and alias is a fault: YAML silently reads
 * an unquoted `!x && y` as a tag, and a shared anchor changes two places when one is edited.
 */
export function parseWritten(text: string, file: string, code: ErrorCode): WrittenDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    strict: true,
    version: '1.2',
    // Both take a time that grows with the square of what is written: names are told apart below.
    uniqueKeys: false,
    prettyErrors: false,
  })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const strangeTags = new Set<string>()
  const faults: Fault[] = [...document.errors, ...document.warnings].slice(0, MOST_FAULTS).map((problem) => {
    const place = at(problem.pos[0])
    if (problem.code === 'TAG_RESOLVE_FAILED') {
      const [, tag = ''] = /: (\S+)/.exec(problem.message) ?? []
      strangeTags.add(tag)
      return { place, ...tagFault(tag) }
    }
    const what = problem.code === 'RESOURCE_EXHAUSTION' ? TOO_DEEP.what : firstSentence(problem.message)
    return { place, what, remedy: MEND_YAML }
  })
  visit(document, {
    Pair(_, pair) {
      const key = isScalar(pair.key) ? pair.key.value : undefined
      if (typeof key === 'object' || key === undefined || key === '__proto__')
        faults.push({
          place: at((pair.key as Node | null)?.range?.[0] ?? 0),
          what: 'this cannot be a name here',
          remedy: isCollection(pair.key)
            ? 'write a plain text before the colon, and quote a text that begins with {'
            : 'write a plain text before the colon; __proto__ is none',
        })
    },
    Node(_, node, path) {
      if (faults.length >= MOST_FAULTS) return visit.BREAK
      if (isMap(node)) faults.push(...namesTwice(node, at))
      const place = () => at((node as Node).range?.[0] ?? 0)
      if (isAlias(node))
        faults.push({
          place: place(),
          what: 'aliases (*name) are not allowed',
          remedy: 'write the value out, or quote the text',
        })
      else if (node.tag !== undefined) {
        if (!strangeTags.has(node.tag)) faults.push({ place: place(), ...tagFault(node.tag) })
      } else if ('anchor' in node && node.anchor)
        faults.push({
          place: place(),
          what: 'anchors (&name) are not allowed',
          remedy: 'write the value out, or quote the text',
        })
      if (path.length <= DEEPEST) return
      faults.push({ place: place(), ...TOO_DEEP })
      return visit.SKIP
    },
  })
  if (faults.length > 0) throw new EmmaError(code, unique(faults))
  return {
    value: document.toJS(),
    place: (path) => placeOf(document, path, at, file),
    within: (path, offset) => {
      const node = document.getIn(path, true)
      return isScalar(node)
        ? at(sourceOffset(node, text, offset)) + names(path)
        : placeOf(document, path, at, file)
    },
  }
}

function namesTwice(map: YAMLMap, at: (offset: number) => string): Fault[] {
  const names = new Set<unknown>()
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key) || !names.has(key.value)) {
      if (isScalar(key)) names.add(key.value)
      return []
    }
    const what = `"${String(key.value).slice(0, 64)}" is written twice`
    return [{ place: at(key.range?.[0] ?? 0), what, remedy: 'keep one of them' }]
  })
}

/** A document held against its schema. @throws EmmaError with the code and every fault */
export function parseAgainst<Schema extends z.ZodType>(
  schema: Schema,
  document: WrittenDocument,
  code: ErrorCode,
): z.output<Schema> {
  const parsed = schema.safeParse(document.value, { reportInput: true })
  if (parsed.success) return parsed.data
  throw new EmmaError(
    code,
    parsed.error.issues.flatMap((issue) => issueFaults(issue, (path) => document.place(path))),
  )
}

/** Reads a file and holds it against a schema. @throws EmmaError with the code and every fault */
export async function readAgainst<Schema extends z.ZodType>(
  schema: Schema,
  file: string,
  code: ErrorCode,
): Promise<z.output<Schema>> {
  return parseAgainst(schema, await readDocumentFile(file, code), code)
}

function placeOf(
  document: Document,
  path: readonly PropertyKey[],
  at: (offset: number) => string,
  file: string,
): string {
  let node: unknown = document.contents
  let offset = 0
  for (const step of path) {
    if (!isCollection(node)) break
    const pair = isMap(node) ? node.items.find((item) => keyOf(item) === String(step)) : undefined
    const key = pair as { key?: Node; value?: unknown } | undefined
    if (key?.key?.range) {
      offset = key.key.range[0]
      node = key.value
    } else {
      const item = node.get(step, true) as Node | undefined
      if (item?.range == null) break
      offset = item.range[0]
      node = item
    }
  }
  return (document.contents === null ? file : at(offset)) + names(path)
}

function names(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : ` (${path.map(String).join('.')})`
}

function keyOf(item: unknown): string | undefined {
  const key = (item as { key?: unknown }).key
  return isScalar(key) ? String(key.value) : undefined
}

function unique(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [fault.place + fault.what, fault])).values()]
}

function firstSentence(message: string): string {
  return lowerFirst(message.split(/\n|;/)[0]!.replace(/ at line \d+, column \d+:?$/, ''))
}
