import { EmmaError, ERROR_TITLES, sentence } from '../domain/errors.ts'

/** Says on standard error what went wrong, and goes on. */
export function warn(error: unknown): void {
  if (!(error instanceof EmmaError)) {
    console.error(`emma: something failed that should not: ${(error as Error).stack ?? error}`)
    return
  }
  console.error(`emma: ${ERROR_TITLES[error.code]} (${error.code})`)
  for (const fault of error.faults) console.error(`  ${sentence(fault)}`)
}

/** Says on standard error what went wrong and sets the exit code: 2 for a wrong call, 1 for everything else. */
export function fail(error: unknown): void {
  process.exitCode = error instanceof EmmaError && error.code === 'usage_invalid' ? 2 : 1
  warn(error)
}
