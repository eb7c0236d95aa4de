import * as z from 'zod'
import { attributesSchema, idSchema } from './fields.ts'

export const customerParamsSchema = z.object({ id: idSchema })

const byName = z.strictObject({
  version: z.string().optional().describe('refuse unless this feature set is in use'),
  values: z
    .record(z.string(), z.number('must be a finite number'))
    .describe('by name; the others stay as they are'),
})
const asVector = z.strictObject({
  version: z.string().describe('the feature set that the vector was made for'),
  vector: z
    .array(z.number('must be a finite number'))
    .max(4096)
    .describe('every feature, in the manifest’s order'),
})

/** `PUT /v1/customers/{id}`: what is absent stays as it is. */
export const customerChangeSchema = z.strictObject({
  attributes: attributesSchema.optional().describe('as declared under types.customer'),
  features: z.union([byName, asVector]).optional(),
})
export type CustomerChangeBody = z.output<typeof customerChangeSchema>

/** `GET /v1/customers/{id}` */
export const customerSchema = z
  .object({
    id: z.string(),
    attributes: attributesSchema,
    updatedAt: z
      .string()
      .nullable()
      .describe('last change of the attributes; null when only features were loaded'),
    features: z
      .object({
        set: z.string(),
        version: z.string(),
        asOf: z.string(),
        values: z.record(z.string(), z.number()),
      })
      .nullable(),
  })
  .meta({ id: 'Customer' })
