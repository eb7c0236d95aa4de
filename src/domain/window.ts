/**
 * When something happened. What is known by the day only happened somewhere from `first` to `last`, both inclusive;
 * what is known exactly has both alike. Epoch milliseconds.
 */
export interface Happened {
  readonly first: number
  readonly last: number
}

/**
 * The most contacts that a window holds which contains a contact at `at`, that one among them. Windows are half open and
 * of length `windowMs`: two contacts exactly that far apart never share one. What is known by the day only counts as
 * near to `at` as it may have been, for that is never fewer.
 */
export function mostInWindow(contacts: readonly Happened[], at: number, windowMs: number): number {
  const times = [at]
  for (const { first, last } of contacts) {
    const nearest = at < first ? first : Math.min(at, last)
    if (Math.abs(nearest - at) < windowMs) times.push(nearest)
  }
  if (times.length === 1) return 1
  times.sort((a, b) => a - b)
  const own = times.indexOf(at)
  let most = 1
  // Both ends go up together: the widest window from each start that still reaches `at`.
  let end = own
  for (let start = 0; start <= own; start++) {
    while (end + 1 < times.length && times[end + 1]! - times[start]! < windowMs) end++
    most = Math.max(most, end - start + 1)
  }
  return most
}
