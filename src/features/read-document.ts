import { readFile } from 'node:fs/promises'
import { isAlias, isNode, LineCounter, parseDocument, visit } from 'yaml'
import type * as z from 'zod'
import { EmmaError, type ErrorCode, type Fault, failure } from '../domain/errors.ts'

/**
 * Reads a YAML (or JSON) file and checks it against a schema.
 * @param path - also the place of every fault, as `path:line:column`
 * @throws EmmaError `code` with all faults: what is no YAML, or what the schema refuses.
 */
export async function readDocument<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  code: ErrorCode,
): Promise<z.output<Schema>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw failure(code, path, 'this file cannot be read', 'name a file that exists and is readable', cause)
  }
  return checkDocument(text, path, schema, code)
}

/** As {@link readDocument}, for text at hand. */
export function checkDocument<Schema extends z.ZodType>(
  text: string,
  path: string,
  schema: Schema,
  code: ErrorCode,
): z.output<Schema> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', uniqueKeys: true })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${Math.max(1, line)}:${Math.max(1, col)}`
  }
  const faults: Fault[] = [...document.errors, ...document.warnings].map((problem) => ({
    place: at(problem.pos[0]),
    what: `this is not clean YAML: ${problem.message.split('\n')[0]}`,
    remedy: 'correct the line; quote text that has :, #, ! or * in it',
  }))
  // A tag or anchor is nearly always an unquoted "!" or "*" or "&" of an SQL expression, which YAML would silently cut.
  visit(document, {
    Node(_, node) {
      const marked = isAlias(node) || ('anchor' in node && node.anchor) || node.tag
      if (marked) faults.push({ place: at(node.range?.[0] ?? 0), ...NO_MARKS })
    },
  })
  if (faults.length > 0) throw new EmmaError(code, faults)

  const result = schema.safeParse(document.toJS())
  if (result.success) return result.data
  const place = (keys: readonly PropertyKey[]) => {
    for (let length = keys.length; length > 0; length--) {
      const node = document.getIn(keys.slice(0, length), true)
      if (isNode(node) && node.range) return at(node.range[0])
    }
    return at(0)
  }
  throw new EmmaError(
    code,
    result.error.issues.map((issue) => faultOf(issue, place(issue.path), document.hasIn(issue.path))),
  )
}

const NO_MARKS = {
  what: 'tags, anchors and aliases are not used here',
  remedy: 'put the text in quotes',
}

function faultOf(issue: z.core.$ZodIssue, place: string, isThere: boolean): Fault {
  const key = issue.path.map(String).join('.') || 'the document'
  if (issue.code === 'unrecognized_keys') {
    return {
      place,
      what: `${key} has ${issue.keys.map((name) => `"${name}"`).join(', ')}, which is not known here`,
      remedy: 'correct the spelling or remove it',
    }
  }
  if (!isThere && issue.code !== 'custom') return { place, what: `${key} is missing`, remedy: 'add it' }
  return { place, what: `${key}: ${issue.message}`, remedy: 'correct this value' }
}
