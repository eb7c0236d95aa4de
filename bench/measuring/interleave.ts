/** Does one block of the same work each time it is called, and returns what the work came to, so that none is left out. */
export type Block = (round: number) => number

/**
 * Measures competitors in turn, so that what disturbs the machine disturbs all. Returns nanoseconds per block, by
 * competitor and round; who begins changes from round to round.
 * @param atLeast - milliseconds that one measurement takes at least
 */
export function interleave<Name extends string>(
  competitors: Readonly<Record<Name, Block>>,
  rounds: number,
  atLeast = 12,
): Record<Name, number[]> {
  const names = Object.keys(competitors) as Name[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  const repeats = new Map(names.map((name) => [name, repeatsOf(competitors[name], atLeast)]))
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length]!
      times[name].push(nanoseconds(competitors[name], round, repeats.get(name)!))
    }
  }
  return times
}

/** Warms up as well: the second call is nearer to the truth than the first. */
function repeatsOf(block: Block, atLeast: number): number {
  nanoseconds(block, 0, 1)
  const once = nanoseconds(block, 1, 1)
  const first = Math.max(1, Math.ceil((atLeast * 1e6) / once / 4))
  return Math.max(1, Math.ceil((atLeast * 1e6) / nanoseconds(block, 2, first)))
}

let kept = 0

function nanoseconds(block: Block, round: number, repeats: number): number {
  const begun = process.hrtime.bigint()
  for (let i = 0; i < repeats; i++) kept = (kept + block(round)) | 0
  return Number(process.hrtime.bigint() - begun) / repeats
}

/** Customers in turn, `size` decisions to a block: every round takes other ones. */
export function takingTurns(size: number, customers: number, work: (person: number) => number): Block {
  return (round) => {
    let done = 0
    for (let i = 0; i < size; i++) done += work((round * size + i) % customers)
    return done
  }
}

/** Nanoseconds per block to microseconds per decision. */
export function perDecision<Name extends string>(
  times: Readonly<Record<Name, readonly number[]>>,
  decisions: number,
): Record<Name, number[]> {
  const entries = Object.entries<readonly number[]>(times)
  return Object.fromEntries(
    entries.map(([name, each]) => [name, each.map((time) => time / decisions / 1000)]),
  ) as Record<Name, number[]>
}

/** Keeps the results of the work alive. */
export function workDone(): number {
  return kept
}
