import * as z from 'zod'
import { ERROR_TITLES, type ErrorCode } from '../../domain/errors.ts'

const codes = Object.keys(ERROR_TITLES) as [ErrorCode, ...ErrorCode[]]

/** RFC 9457. Never repeats an offending value. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:emma:error:<code>`'),
    title: z.string(),
    status: z.int(),
    code: z.enum(codes).describe('stable; program against this'),
    detail: z.string().describe('the faults as sentences'),
    errors: z.array(
      z.object({
        pointer: z
          .string()
          .describe('JSON pointer, the name of a header, or for a document `catalogue:line:column (path)`'),
        what: z.string(),
        remedy: z.string(),
      }),
    ),
  })
  .meta({ id: 'Problem', description: 'application/problem+json' })
export type Problem = z.infer<typeof problemSchema>
