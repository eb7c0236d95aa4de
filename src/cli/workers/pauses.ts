/** Whoever has lived so long has not died of its start. */
const LONG_LIFE_MS = 60_000
const SHORTEST_MS = 1_000
const LONGEST_MS = 30_000

/**
 * How long to wait before a worker that has died is started again: not at all, and when it soon dies again 1 s, 2 s, 4 s …
 * 30 s. What fails at every start must not keep a core busy with starting.
 * @returns milliseconds, for a worker that lived so many
 */
export function makePauses(): (livedMs: number) => number {
  let deathsInARow = 0
  return (livedMs) => {
    if (livedMs >= LONG_LIFE_MS) deathsInARow = 0
    const pause = deathsInARow === 0 ? 0 : Math.min(SHORTEST_MS * 2 ** (deathsInARow - 1), LONGEST_MS)
    deathsInARow++
    return pause
  }
}
