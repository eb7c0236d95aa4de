import { EmmaError, failure } from '../../domain/errors.ts'
import { isFailedCommit } from './failed-commit.ts'

export type Guarded = <T>(work: () => T | Promise<T>) => Promise<T>

/** Does the work; whatever it throws becomes an EmmaError, `store_unavailable` when it is none yet. */
export const guarded: Guarded = async (work) => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof EmmaError) throw error
    const what = isFailedCommit(error) ? 'a write did not reach the disk' : (error as Error).message
    throw failure(
      'store_unavailable',
      'store',
      `the embedded store failed (${what})`,
      'check disk space and permissions, then restart',
      error,
    )
  }
}
