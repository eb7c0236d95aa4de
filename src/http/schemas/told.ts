import * as z from 'zod'
import type { Recorded } from '../../customers/record-batch.ts'
import type { CustomerId } from '../../domain/ids.ts'
import type { Subject } from '../../ports/customer-store.ts'
import { idSchema, timeSchema } from './fields.ts'
import { problemSchema } from './problem.ts'

/** Items of one call at most. */
export const MOST_TOLD = 1000

/** Faults told of one item at most: a long list of mistakes must not become a longer answer. */
const MOST_FAULTS_OF_ONE = 5

/** A time that can be kept and told again. */
export const momentSchema = timeSchema.refine((time) => {
  const moment = Date.parse(time)
  return moment >= 0 && moment < Date.UTC(9999, 0)
}, 'must lie in the years 1970 to 9998')

/** Whose something is. */
export const subjectFields = {
  customer: z.strictObject({ id: idSchema }).optional(),
  sessionId: idSchema.optional().describe('a visitor without an id; forgotten 24 hours after the last of it'),
}

/** What became of one item, as far as every answer tells it. */
type Told = { readonly status: 'accepted' | 'duplicate' } | Extract<Recorded, { status: 'refused' }>

/** What became of one item. */
export const recordedSchema = z.object({
  status: z.enum(['accepted', 'duplicate', 'refused']).describe('duplicate: nothing of it was new'),
  code: problemSchema.shape.code.optional(),
  errors: problemSchema.shape.errors.optional().describe('what is wrong with it; the others are recorded'),
})

/** How many items became what. */
export const countFields = { accepted: z.int(), duplicate: z.int(), refused: z.int() }

export function toSubject(
  customer: { readonly id: string } | undefined,
  sessionId: string | undefined,
): Subject | null {
  if (customer !== undefined) return { customer: customer.id as CustomerId }
  return sessionId === undefined ? null : { session: sessionId }
}

/** Epoch milliseconds. */
export function toMoment(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time)
}

export function toRecorded(recorded: Told) {
  if (recorded.status !== 'refused') return { status: recorded.status }
  const errors = recorded.faults
    .slice(0, MOST_FAULTS_OF_ONE)
    .map(({ place, what, remedy }) => ({ pointer: place, what, remedy }))
  return { status: recorded.status, code: recorded.code, errors }
}

export function toCounts(recorded: readonly Told[]) {
  const count = (wanted: Told['status']) => recorded.filter(({ status }) => status === wanted).length
  return { accepted: count('accepted'), duplicate: count('duplicate'), refused: count('refused') }
}
