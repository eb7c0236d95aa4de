import type * as z from 'zod'
import { issueFaults } from '../documents/issue-faults.ts'
import { EmmaError } from '../domain/errors.ts'
import { MOST_FAULTS } from './error-reply.ts'

/** Fields that the API is going to have: refused by name until they do something. */
const LATER_FIELDS: Readonly<Record<string, string>> = {
  interactionId: 'interactions',
  clientRef: 'outcomes by the caller’s reference',
  identities: 'identity types',
}

/** What the validator found as one EmmaError with every fault, placed by JSON pointer (RFC 6901). */
export function requestFaults(error: z.core.$ZodError, part: string): EmmaError {
  let unsupported = false
  const later = (_: readonly PropertyKey[], key: string) => {
    const coming = Object.hasOwn(LATER_FIELDS, key) ? LATER_FIELDS[key] : undefined
    unsupported ||= coming !== undefined
    return coming
  }
  // One more than an answer shows, so that it can tell that there are more.
  const faults = error.issues
    .slice(0, MOST_FAULTS + 1)
    .flatMap((issue) => issueFaults(issue, (path) => toPointer(path, part), later))
    .slice(0, MOST_FAULTS + 1)
  return new EmmaError(unsupported ? 'not_supported_yet' : 'invalid_request', faults)
}

function toPointer(path: readonly PropertyKey[], part: string): string {
  if (path.length === 0) return part
  return path
    .map((step) => `/${String(step).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}
