/**
 * Whether an error is that of a write which did not reach the disk. LMDB rejects more promises for it than the one that
 * was awaited, and keeps the cause in one more, which is looked after here: the caller is told `store_unavailable`.
 */
export function isFailedCommit(error: unknown): boolean {
  if (!(error instanceof Error) || !('commitError' in error)) return false
  Promise.resolve(error.commitError).catch(() => {})
  return true
}
