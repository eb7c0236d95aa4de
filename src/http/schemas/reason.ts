import * as z from 'zod'
import { CHANGE_KINDS, type Change } from '../../domain/change.ts'
import type { Reason } from '../../domain/reason.ts'
import { REASONS } from '../../domain/reason-sentences.ts'
import { changeText, reasonText, type Telling } from '../../domain/reason-text.ts'
import { keys, timeSchema } from './fields.ts'

export const reasonSchema = z.object({
  code: z.enum(keys(REASONS)),
  text: z.string().optional().describe('in German or English, as the contents'),
})
const scalarSchema = z.union([z.string(), z.number(), z.boolean()])
export const changeSchema = z.object({
  kind: z.enum(CHANGE_KINDS),
  text: z.string().optional(),
  from: timeSchema.optional().describe('time: the first moment at which it is permitted'),
  policy: z.string().optional().describe('cap: the contact policy'),
  max: z.int().optional().describe('cap: what it would have to allow'),
  minPropensity: z.number().optional().describe('threshold: the highest that it reaches'),
  name: z.string().optional().describe('comparison: what is compared'),
  op: z.enum(['==', '!=', '<', '<=', '>', '>=', 'in', 'not in']).optional(),
  wanted: z
    .union([scalarSchema, z.array(scalarSchema)])
    .optional()
    .describe('comparison: with what'),
  is: scalarSchema.optional().describe('comparison: what it is now; absent when nothing is known'),
})

/** With its sentence where it is told how. */
export function toReason(reason: Reason, telling: Telling | null) {
  return telling === null ? { code: reason.code } : { code: reason.code, text: reasonText(reason, telling) }
}

export function toChange(change: Change, telling: Telling | null) {
  const text = telling === null ? {} : { text: changeText(change, telling) }
  switch (change.kind) {
    case 'time':
      return { kind: change.kind, ...text, from: new Date(change.from).toISOString() }
    case 'cap':
      return { kind: change.kind, ...text, policy: change.policy, max: change.max }
    case 'threshold':
      return { kind: change.kind, ...text, minPropensity: change.minimum }
    case 'comparison': {
      const { name, op, wanted } = change.needs
      const is = change.is === undefined ? {} : { is: change.is }
      const copy = typeof wanted === 'object' ? [...wanted] : wanted
      return { kind: change.kind, ...text, name, op, wanted: copy, ...is }
    }
  }
}
