import * as z from 'zod'
import type { WantedConsent } from '../../customers/record-consents.ts'
import { addressSchema, idSchema } from './fields.ts'
import {
  countFields,
  MOST_TOLD,
  momentSchema,
  recordedSchema,
  subjectFields,
  toMoment,
  toSubject,
} from './told.ts'

const consentSchema = z
  .strictObject({
    ...subjectFields,
    address: addressSchema
      .optional()
      .describe('only a keyed hash of it is kept; it holds for whoever owns the address'),
    purpose: idSchema.optional().describe('one of the catalogue’s; whatever the purpose by default'),
    channel: idSchema.optional().describe('all channels by default'),
    state: z.enum(['granted', 'refused']),
    at: momentSchema.optional().describe('when it was said; leave it out when nobody knows'),
  })
  .refine(({ customer, sessionId, address }) => (customer ?? sessionId ?? address) !== undefined, {
    path: ['customer'],
    message: 'it is not said whose consent this is',
    params: { remedy: 'name "customer", "sessionId" or "address"' },
  })
  .refine(({ customer, sessionId }) => customer === undefined || sessionId === undefined, {
    path: ['sessionId'],
    message: 'this consent is both a customer’s and a session’s',
    params: { remedy: 'name one of them' },
  })
  .refine(({ address, channel }) => address === undefined || channel !== undefined, {
    path: ['channel'],
    message: 'an address belongs to a channel, and none is named',
    params: { remedy: 'name the channel on which messages go to it' },
  })

/** `POST /v1/consents` */
export const consentsSchema = z.strictObject({ consents: z.array(consentSchema).min(1).max(MOST_TOLD) })

/** The answer, each item in the place that it was told in. */
export const consentsReplySchema = z
  .object({ results: z.array(recordedSchema), ...countFields })
  .meta({ id: 'RecordedConsents', description: 'What became of every statement that was told' })

export function toWantedConsents({ consents }: z.output<typeof consentsSchema>): WantedConsent[] {
  return consents.map(({ customer, sessionId, at, ...told }) => ({
    ...told,
    subject: toSubject(customer, sessionId),
    at: toMoment(at),
  }))
}
