import { type Asked, type ClosedLoop, closedLoop } from './closed-loop.ts'
import type { ServerProcess, Told } from './server-process.ts'

/** What is measured in turn with others. */
export interface Contender {
  readonly name: string
  readonly server: ServerProcess
  readonly asked: Asked
  /** Whether it can tell of its garbage collection. */
  readonly isNode: boolean
}

export interface Turn extends ClosedLoop {
  /** Of its CPU, 0–1; NaN where it cannot be told. */
  readonly gcShare: number
}

export interface Rounds {
  readonly rounds: number
  /** Measured, for each in each round. */
  readonly seconds: number
  /** Before anything is measured, for each: what is compiled only after a while is compiled then. */
  readonly warmSeconds: number
  readonly connections?: number
}

/**
 * All contenders in turn, so that what disturbs the machine disturbs all; who begins changes from round to round. Before it
 * is measured each runs for a while: a process that had to wait finds its memory cold.
 * @returns by name, what was seen round by round
 */
export async function inRounds(
  contenders: readonly Contender[],
  { rounds, seconds, warmSeconds, connections = 32 }: Rounds,
): Promise<ReadonlyMap<string, Turn[]>> {
  const seen = new Map(contenders.map(({ name }) => [name, [] as Turn[]]))
  for (const { name, server, asked } of contenders) {
    console.error(`warming up ${name} …`)
    await closedLoop(server, asked, { seconds: warmSeconds, connections })
  }
  let from = 1_000_000
  for (let round = 0; round < rounds; round++) {
    const told: string[] = []
    for (let i = 0; i < contenders.length; i++) {
      const { name, server, asked, isNode } = contenders[(i + round) % contenders.length]!
      await closedLoop(server, asked, { seconds: seconds / 2, connections, from })
      if (isNode) await server.tell()
      const done = await closedLoop(server, asked, { seconds, connections, from: from + 20_000 })
      const report = isNode ? await server.tell() : null
      seen.get(name)!.push({ ...done, gcShare: gcShareOf(report) })
      told.push(`${name} ${done.perSecond.toFixed(0)}/s`)
    }
    from += 40_000
    console.error(`round ${round + 1}/${rounds}: ${told.join(', ')}`)
  }
  return seen
}

function gcShareOf(told: Told | null): number {
  return told === null ? Number.NaN : told.gcMs / told.cpuMs
}
