import type * as z from 'zod'

/** Tells what is wrong at a path inside what is checked, and what to do about it. */
export type Tell = (path: readonly PropertyKey[], what: string, remedy: string) => void

/**
 * A check of several keys of one map together. It runs although single keys are at fault, so that an editor hears
 * everything at once; what it looks at may therefore be of any type.
 */
export function crossCheck<Schema extends z.ZodObject>(
  schema: Schema,
  check: (written: Readonly<Record<string, unknown>>, tell: Tell) => void,
): Schema {
  return schema.superRefine(
    (value, context) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return
      // A misspelt key seems to be missing: its spelling comes first.
      if (context.issues.some(({ code, path }) => code === 'unrecognized_keys' && !path?.length)) return
      check(value as Readonly<Record<string, unknown>>, (path, message, remedy) =>
        context.addIssue({ code: 'custom', path: [...path], message, params: { remedy }, input: value }),
      )
    },
    { when: () => true },
  )
}
