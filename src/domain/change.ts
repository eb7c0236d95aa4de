import type { Scalar } from './attributes.ts'
import type { Comparison } from './rule-comparison.ts'

/**
 * A change that alone would admit a refused candidate, as far as it was judged: a later moment, a wider cap, a lower
 * threshold, or one comparison of one of its rules.
 */
export type Change =
  | { readonly kind: 'time'; readonly from: number }
  | { readonly kind: 'cap'; readonly policy: string; readonly max: number; readonly is: number }
  | { readonly kind: 'threshold'; readonly minimum: number }
  /** `is`: what the name is now; undefined when nothing is known. */
  | { readonly kind: 'comparison'; readonly needs: Comparison; readonly is: Scalar | undefined }

export const CHANGE_KINDS = ['time', 'cap', 'threshold', 'comparison'] as const
