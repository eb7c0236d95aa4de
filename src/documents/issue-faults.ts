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
    const branch = [...issue.errors].sort((a, b) => deepest(b) - deepest(a) || a.length - b.length)[0]!
    if (branch.length > 0 && deepest(branch) > 0)
      return branch.flatMap((inner) => issueFaults(inner, place, later, path))
  }
  return [{ place: place(path), what: lowerFirst(issue.message), remedy: remedyFor(issue) }]
}

function deepest(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length))
}

function remedyFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && !issue.message.includes('NaN')
        ? `give it a value of type ${issue.expected}`
        : `make it of type ${issue.expected}`
    case 'invalid_value':
      return `use one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`
    case 'too_big':
      return `at most ${issue.maximum}`
    case 'too_small':
      return `at least ${issue.minimum}`
    default:
      return 'correct it'
  }
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function printable(key: string): string {
  return key.length <= 64 ? key.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '�') : `${key.slice(0, 61)}…`
}
