import type { Change } from '../catalogue/diff/change.ts'
import type { ErrorCode, Fault } from '../domain/errors.ts'

/** What is asked of the thread that reads catalogues. */
export type Task =
  | { readonly text: string; readonly features: ReadonlySet<string> | null }
  /** Two documents as JSON. */
  | { readonly from: string; readonly to: string }
  /** A document as JSON, wanted as YAML. */
  | { readonly json: string }

/** What it answers: the document as JSON, the differences, YAML, its faults, or how it failed. */
export type Answer =
  | { readonly json: string }
  | { readonly yaml: string }
  | { readonly changes: readonly Change[] }
  | { readonly code: ErrorCode; readonly faults: readonly Fault[] }
  | { readonly message: string; readonly stack: string | undefined }
