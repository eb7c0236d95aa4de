import * as z from 'zod'
import type { WantedContact } from '../../customers/wanted-contact.ts'
import { MOST_OUTCOMES } from '../../domain/ledger.ts'
import { OUTCOMES } from '../../domain/outcome.ts'
import { idSchema, kindSchema, tierSchema } from './fields.ts'
import {
  countFields,
  MOST_TOLD,
  momentSchema,
  recordedSchema,
  subjectFields,
  toMoment,
  toSubject,
} from './told.ts'

const outcomeSchema = z.strictObject({
  type: z.enum(OUTCOMES),
  at: momentSchema
    .optional()
    .describe('now by default; told again without it, it is no second outcome of its type'),
  until: momentSchema.optional().describe('only with later: when the customer wants to hear of it again'),
})

const contactSchema = z
  .strictObject({
    id: idSchema.describe(
      'the caller’s name for it among the customer’s contacts; told again, it counts once',
    ),
    ...subjectFields,
    channel: idSchema,
    placement: idSchema.optional(),
    action: idSchema.optional().describe('one that the catalogue does not have was another system’s'),
    group: idSchema.optional().describe('that of the action by default; so tier and kind'),
    tier: tierSchema.optional().describe('marketing where nothing is known'),
    kind: kindSchema.optional().describe('offer where nothing is known'),
    at: momentSchema
      .optional()
      .describe('now by default, or when its first outcome came; up to 400 days ahead for what is planned'),
    outcomes: z.array(outcomeSchema).max(MOST_OUTCOMES).optional(),
  })
  .refine(({ customer, sessionId }) => (customer === undefined) !== (sessionId === undefined), {
    path: ['customer'],
    message: 'a contact is with a customer or with a session, with one of them',
    params: { remedy: 'name "customer" or "sessionId"' },
  })

/** `POST /v1/contacts` */
export const contactsSchema = z.strictObject({ contacts: z.array(contactSchema).min(1).max(MOST_TOLD) })

/** The answer, each item in the place that it was told in. */
export const contactsReplySchema = z
  .object({ results: z.array(recordedSchema.extend({ id: z.string() })), ...countFields })
  .meta({ id: 'RecordedContacts', description: 'What became of every contact that was told' })

export function toWantedContacts({ contacts }: z.output<typeof contactsSchema>): WantedContact[] {
  return contacts.map(({ customer, sessionId, at, outcomes, ...told }) => ({
    ...told,
    subject: toSubject(customer, sessionId)!,
    at: toMoment(at),
    outcomes: outcomes?.map((outcome) => ({
      type: outcome.type,
      at: toMoment(outcome.at),
      until: toMoment(outcome.until),
    })),
  }))
}
