import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EmmaError, type ErrorCode, type Fault, failure } from '../domain/errors.ts'
import { readDocumentFile, type WrittenDocument } from './read-document.ts'

const PART = /\.(ya?ml|json)$/

/**
 * A document in one file, or in the parts of a folder: its .yaml, .yml and .json files, by name. Lists of the same
 * section follow one another, maps grow together, and nothing may be said twice.
 * @throws EmmaError with the code for what cannot be read or merged.
 */
export async function readDocument(path: string, code: ErrorCode): Promise<WrittenDocument> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) return readDocumentFile(path, code)
  const names = (await readdir(path)).filter((name) => PART.test(name)).sort()
  if (names.length === 0) {
    throw failure(code, path, 'the folder has no .yaml or .json files', 'put the parts of the document there')
  }
  const read = await Promise.allSettled(names.map((name) => readDocumentFile(join(path, name), code)))
  const faults = read.flatMap((result) => (result.status === 'rejected' ? faultsOf(result.reason) : []))
  if (faults.length > 0) throw new EmmaError(code, faults)
  return mergeParts(
    read.map((result) => (result as PromiseFulfilledResult<WrittenDocument>).value),
    code,
  )
}

function faultsOf(error: unknown): readonly Fault[] {
  if (error instanceof EmmaError) return error.faults
  throw error
}

type Section = Readonly<Record<string, unknown>>

/** @throws EmmaError with every value that two parts give differently, or that is not a map of sections. */
export function mergeParts(parts: readonly WrittenDocument[], code: ErrorCode): WrittenDocument {
  const faults: Fault[] = []
  let merged: Section = {}
  for (const part of parts) {
    if (!isSection(part.value)) {
      faults.push({
        place: part.place([]),
        what: 'this part is not a map of sections',
        remedy: 'begin with a section such as actions:',
      })
    } else merged = mergeSections(merged, part.value, [], part, faults)
  }
  if (faults.length > 0) throw new EmmaError(code, faults)
  return {
    value: merged,
    place: (path) => {
      const { part, path: inPart } = whereIn(parts, path)
      return part.place(inPart)
    },
    within: (path, offset) => {
      const { part, path: inPart } = whereIn(parts, path)
      return part.within(inPart, offset)
    },
  }
}

function mergeSections(
  into: Section,
  from: Section,
  path: readonly string[],
  part: WrittenDocument,
  faults: Fault[],
): Section {
  const merged: Record<string, unknown> = { ...into }
  for (const [key, value] of Object.entries(from)) {
    const here = [...path, key]
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined
    if (before === undefined) merged[key] = value
    else if (path.length === 0 && Array.isArray(before) && Array.isArray(value))
      merged[key] = [...before, ...value]
    else if (isSection(before) && isSection(value))
      merged[key] = mergeSections(before, value, here, part, faults)
    else if (before !== value) {
      faults.push({
        place: part.place(here),
        what: 'another part says this too, and otherwise',
        remedy: 'say it in one part only',
      })
    }
  }
  return merged
}

/** An index of a merged list leads to the part that holds the item; anything else to the part that says most of the path. */
function whereIn(
  parts: readonly WrittenDocument[],
  path: readonly PropertyKey[],
): { readonly part: WrittenDocument; readonly path: readonly PropertyKey[] } {
  const [section, index] = path
  if (typeof index === 'number') {
    let left = index
    for (const part of parts) {
      const list = isSection(part.value) ? part.value[String(section)] : undefined
      const length = Array.isArray(list) ? list.length : 0
      if (left < length) return { part, path: [section!, left, ...path.slice(2)] }
      left -= length
    }
  }
  const depths = parts.map((part) => depthOf(part.value, path))
  return { part: parts[depths.indexOf(Math.max(...depths))]!, path }
}

function depthOf(value: unknown, path: readonly PropertyKey[]): number {
  let depth = 0
  for (let at = value; depth < path.length && isSection(at) && Object.hasOwn(at, path[depth]!); depth++) {
    at = at[String(path[depth])]
  }
  return depth
}

function isSection(value: unknown): value is Section {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
