/** Work in small steps: whoever drives it may put it aside between two of them. */
export type Steps<Result> = Generator<void, Result, void>

/** All steps, one right after the other. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
