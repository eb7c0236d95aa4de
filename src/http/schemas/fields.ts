import * as z from 'zod'
import { isAddress } from '../../domain/address.ts'
import { ID_PATTERN } from '../../domain/ids.ts'
import { KINDS, TIERS } from '../../domain/tier.ts'

export const idSchema = z
  .string()
  .regex(ID_PATTERN, 'must be 1 to 128 printable characters')
  .describe('1–128 printable characters')
export const kindSchema = z.enum(KINDS)
export const tierSchema = z.enum(TIERS)
export const timeSchema = z.iso
  .datetime({
    offset: true,
    abort: true,
    error: 'must be an RFC 3339 time with zone such as 2026-11-01T09:00:00Z',
  })
  .describe('RFC 3339')

/** Where a message goes. A mail template with an empty field must not slip past an opt-out. */
export const addressSchema = z
  .string()
  .max(320)
  .refine(isAddress, {
    message: 'there is no address in this',
    params: { remedy: 'send the address as the message would go to it, or leave it out' },
  })

/** Flat names and scalars: attributes of a customer, fields of a context. */
export const attributesSchema = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'a name is an identifier: letters, digits, underscores'),
    z.union(
      [z.string().max(4096), z.number(), z.boolean()],
      'must be a text, a finite number or true or false',
    ),
  )
  .refine((record) => Object.keys(record).length <= 200, 'at most 200 names')

/** The names that an object lists. */
export function keys<T extends object>(object: T): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(object) as [keyof T & string, ...(keyof T & string)[]]
}
