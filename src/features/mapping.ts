import * as z from 'zod'
import { readAgainst } from '../documents/read-document.ts'
import { FEATURE_NAME, featureSpecSchema } from '../domain/feature-set.ts'

const files = z
  .array(z.string().min(1))
  .min(1)
  .describe('globs relative to the data folder: .csv, .ndjson or .parquet, also .gz')

const columnSchema = z
  .union([z.string().min(1), z.strictObject({ sql: z.string().min(1) })], {
    error: 'write a column’s name, or { sql: "an expression over the file’s columns" }',
  })
  .describe('a column of the files, or an SQL expression; columns of CSV and NDJSON files are text in it')
export type Column = z.infer<typeof columnSchema>

const customerFeatureSchema = z
  .strictObject({
    ...featureSpecSchema.shape,
    column: z.string().min(1).optional(),
    sql: z.string().min(1).optional().describe('an expression; $as_of stands for the as-of date'),
  })
  .refine((feature) => (feature.column === undefined) !== (feature.sql === undefined), {
    error: 'name either column or sql, and not both',
  })
export type CustomerFeature = z.infer<typeof customerFeatureSchema>

/** Attribute names that a draft catalogue gives every action: a dimension of that name would overwrite one. */
const TAKEN = new Set(['label', 'price', 'customers', 'trend', 'orders_30d', 'orders_90d', 'share_30d'])

const dimensionSchema = z
  .strictObject({
    name: z
      .string()
      .regex(FEATURE_NAME, { error: 'use lower-case letters, digits and underscores' })
      .refine((name) => !TAKEN.has(name), { error: 'this name is taken by an attribute of every action' }),
    column: z.enum(['product', 'category']),
    values: z.literal('all').optional(),
    top: z.int().positive().max(1000).optional(),
    orderedBy: z.literal('orders').optional(),
  })
  .refine((dimension) => (dimension.values === undefined) !== (dimension.top === undefined), {
    error: 'say either values: all or top: N, and not both',
  })

/** Which columns of which files are what. Everything that differs between two shops stands here, nothing in code. */
export const mappingSchema = z
  .strictObject({
    schema: z.literal('emma/mapping-v1'),
    name: z.string().min(1).max(64),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, { error: 'use an ISO 4217 code such as EUR' })
      .optional()
      .describe('the unit of prices, for the manifest'),
    transactions: z.strictObject({
      files,
      columns: z.strictObject({
        customer: columnSchema,
        order: columnSchema,
        at: columnSchema,
        product: columnSchema,
        category: columnSchema.optional(),
        description: columnSchema.optional(),
        quantity: columnSchema,
        unitPrice: columnSchema,
      }),
      where: z.string().min(1).optional().describe('SQL; a row that does not match is no transaction'),
    }),
    customers: z
      .strictObject({ files, key: z.string().min(1), features: z.array(customerFeatureSchema) })
      .optional(),
    dimensions: z.array(dimensionSchema),
  })
  .superRefine((mapping, context) => {
    const seen = new Set<string>()
    mapping.dimensions.forEach((dimension, i) => {
      if (seen.has(dimension.name)) {
        context.addIssue({
          code: 'custom',
          path: ['dimensions', i, 'name'],
          message: 'this name is used twice',
        })
      }
      seen.add(dimension.name)
      if (dimension.column === 'category' && mapping.transactions.columns.category === undefined) {
        context.addIssue({
          code: 'custom',
          path: ['dimensions', i, 'column'],
          message: 'transactions.columns does not say which column is the category',
        })
      }
    })
  })
export type Mapping = z.infer<typeof mappingSchema>

/**
 * Reads a mapping file.
 * @throws EmmaError `mapping_invalid` with all faults as `file:line:column`.
 */
export function readMapping(path: string): Promise<Mapping> {
  return readAgainst(mappingSchema, path, 'mapping_invalid')
}
