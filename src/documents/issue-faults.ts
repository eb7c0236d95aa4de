import type * as z from 'zod'
import type { Fault } from '../domain/errors.ts'

/** Says what of a key at a path is to come, if it is known and not supported yet. */
export type Later = (path: readonly PropertyKey[], key: string) => string | undefined

/** A zod issue as faults: one per unknown key, the deepest branch of a union. */
export function issueFaults(
  issue: z.core.$ZodIssue,
  place: (path: readonly PropertyKey[]) => string,
  later: Later = () => undefined,
  base: readonly PropertyKey[] = [],
): Fault[] {
  const path = [...base, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const coming = later(path, key)
      return coming === undefined
        ? {
            place: place([...path, key]),
            what: `unknown key "${printable(key)}"`,
            remedy: 'remove it or correct its spelling',
          }
        : {
            place: place([...path, key]),
            what: `"${key}" (${coming}) is not supported by this version`,
            remedy: 'remove it',
          }
    })
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    if (issue.errors.every((branch) => branch.some(isMissing))) {
      return [{ place: place(path), what: 'this is missing', remedy: lowerFirst(issue.message) }]
    }
    const near = issue.errors.filter((branch) => branch.every(isOfValue))
    if (near.length === 1) return near[0]!.flatMap((inner) => issueFaults(inner, place, later, path))
    const branch = [...issue.errors].sort((a, b) => deepest(b) - deepest(a) || a.length - b.length)[0]!
    if (branch.length > 0 && deepest(branch) > 0)
      return branch.flatMap((inner) => issueFaults(inner, place, later, path))
  }
  return [{ place: place(path), ...whatAndRemedy(issue) }]
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return (
    issue.path.length === 0 && issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
  )
}

/** The branch is of the right type, and only its value is not: what it says is what helps. */
function isOfValue(issue: z.core.$ZodIssue): boolean {
  return ['too_small', 'too_big', 'invalid_format', 'custom'].includes(issue.code)
}

function deepest(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length))
}

function whatAndRemedy(issue: z.core.$ZodIssue): Pick<Fault, 'what' | 'remedy'> {
  switch (issue.code) {
    case 'invalid_type': {
      const type = TYPE_NAMES[issue.expected] ?? issue.expected
      const missing = issue.message.endsWith('received undefined')
      return missing
        ? { what: 'this is missing', remedy: `give it ${type}` }
        : { what: `this is not ${type}`, remedy: `make it ${type}` }
    }
    case 'invalid_value': {
      const values = issue.values.map((value) => JSON.stringify(value)).join(' or ')
      return issue.input === undefined
        ? { what: 'this is missing', remedy: `write ${values}` }
        : { what: 'this value is not one of those allowed', remedy: `use ${values}` }
    }
    case 'too_big':
      if (issue.inclusive === false)
        return { what: `this is not less than ${issue.maximum}`, remedy: `less than ${issue.maximum}` }
      return {
        what: `this ${SIZES[issue.origin]?.more ?? 'is more than'} ${issue.maximum}`,
        remedy: `at most ${issue.maximum}`,
      }
    case 'too_small':
      if (issue.origin in SIZES && issue.minimum === 1)
        return { what: 'this is empty', remedy: 'write at least one' }
      if (issue.inclusive === false)
        return { what: `this is not more than ${issue.minimum}`, remedy: `more than ${issue.minimum}` }
      return {
        what: `this ${SIZES[issue.origin]?.less ?? 'is less than'} ${issue.minimum}`,
        remedy: `at least ${issue.minimum}`,
      }
    case 'invalid_key':
      return {
        what: lowerFirst(issue.issues[0]?.message ?? 'this name is not allowed'),
        remedy: 'correct the name',
      }
    case 'custom': {
      const remedy: unknown = issue.params?.remedy
      return {
        what: lowerFirst(issue.message),
        remedy: typeof remedy === 'string' ? remedy : 'correct it',
      }
    }
    default:
      return { what: lowerFirst(issue.message), remedy: 'correct it' }
  }
}

/** How the bound of a length is overstepped. */
const SIZES: Readonly<Record<string, { readonly more: string; readonly less: string }>> = {
  string: { more: 'has more characters than', less: 'has fewer characters than' },
  array: { more: 'has more entries than', less: 'has fewer entries than' },
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a finite number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of names and values',
  record: 'a map of names and values',
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function printable(key: string): string {
  return key.length <= 64 ? key.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '�') : `${key.slice(0, 61)}…`
}
