/**
 * How long a fault of Redis is noticed by callers of Emma, and how long after its end everything is there again. Open
 * loop over HTTP, one Emma and one Redis for each fault.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Served, serve } from '../../test/cli/run-emma.ts'
import { isFull, startCallers } from '../../test/failures/callers.ts'
import { settingsFor } from '../../test/failures/emma-on-redis.ts'
import { granted, overfilled } from '../../test/failures/grants.ts'
import { type RunningRedis, say, startRedis } from '../../test/setup/redis-server.ts'
import { type SlowLine, startSlowLine } from '../../test/stores/redis/slow-line.ts'
import { saveResult, thisMachine } from '../measuring/results-page.ts'

const { values: options } = parseArgs({
  options: {
    times: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'dry-run': { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
if (options.help) {
  console.log('node --import tsx bench/redis/recovery.ts [--times 5] [--seconds 2] [--dry-run]')
  process.exit(0)
}
const TIMES = Number(options.times)
const SECONDS = Number(options.seconds)
/** 50 requests a second. */
const PER_TURN = 1

interface Place {
  redis: RunningRedis
  readonly line: SlowLine
  readonly kept: readonly string[]
}

interface Fault {
  readonly name: string
  readonly isSlow?: boolean
  begin(place: Place): Promise<unknown>
  end(place: Place): Promise<unknown>
}

const told = (command: string, place: Place) => say(place.redis.port, command)
const FAULTS: readonly Fault[] = [
  {
    name: 'killed, started again',
    begin: async ({ redis }) => process.kill(redis.pid, 'SIGKILL'),
    end: async (place) => {
      place.redis = await startRedis({}, { port: place.redis.port, settings: place.kept })
    },
  },
  {
    name: 'stopped (SIGSTOP)',
    begin: async ({ redis }) => process.kill(redis.pid, 'SIGSTOP'),
    end: async ({ redis }) => process.kill(redis.pid, 'SIGCONT'),
  },
  {
    name: 'CLIENT PAUSE',
    begin: (place) => told(`CLIENT PAUSE ${1_000 * SECONDS}`, place),
    // It ends by itself: while it lasts, no command is heard that would end it.
    end: async () => {},
  },
  {
    name: 'full (OOM)',
    begin: (place) => told('CONFIG SET maxmemory 1', place),
    end: (place) => told('CONFIG SET maxmemory 0', place),
  },
  {
    name: 'read-only (a replica)',
    begin: (place) => told('REPLICAOF 127.0.0.1 1', place),
    end: (place) => told('REPLICAOF NO ONE', place),
  },
  ...[50, 200].map(
    (ms): Fault => ({
      name: `${ms} ms slower`,
      isSlow: true,
      begin: async ({ line }) => {
        line.delayMs = ms
      },
      end: async ({ line }) => {
        line.delayMs = 0
      },
    }),
  ),
]

// The servers of this bench keep no process alive, not even one that waits for their end.
const alive = setInterval(() => {}, 1_000)
const rows: (readonly (string | number)[])[] = []
for (const fault of FAULTS) {
  const row = await measure(fault)
  console.log(row.join(' | '))
  rows.push(row)
}
report()
clearInterval(alive)

async function measure(fault: Fault): Promise<(string | number)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'emma-recovery-'))
  const kept = ['--appendonly', 'yes', '--dir', folder]
  const redis = await startRedis({}, { settings: kept })
  const place: Place = { redis, line: await startSlowLine(redis.port), kept }
  let emma: Served | undefined
  try {
    const url = fault.isSlow ? `redis://127.0.0.1:${place.line.port}` : redis.url
    emma = await serve(settingsFor(url, folder), folder)
    const callers = startCallers(emma.url, { perTurn: PER_TURN })
    await callers.untilFull(20)
    const noticed: number[] = []
    const back: number[] = []
    const took: number[] = []
    for (let time = 0; time < TIMES; time++) {
      const from = callers.answers.length
      await fault.begin(place)
      noticed.push(await callers.untilDegraded())
      await sleep(1_000 * SECONDS)
      took.push(...callers.answers.slice(from).map((answer) => answer.took))
      await fault.end(place)
      back.push(await callers.untilFull())
      await sleep(500)
    }
    await callers.stop()
    const { answers } = callers
    const over = overfilled(answers)
    return [
      fault.name,
      range(noticed),
      range(back),
      took.length,
      answers.filter(({ status }) => status !== 200).length + callers.badProbes.length,
      at(took, 0.5).toFixed(0),
      at(took, 0.99).toFixed(0),
      at(took, 1).toFixed(0),
      answers.filter(isFull).length,
      granted(answers).length,
      over.boots + over.gloves,
    ]
  } finally {
    await emma?.stop('SIGKILL')
    await place.line.stop()
    await place.redis.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A quantile from 0 to 1, by nearest rank. */
function at(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? Number.NaN
}

function range(values: readonly number[]): string {
  return `${at(values, 0.5).toFixed(0)} (${at(values, 1).toFixed(0)})`
}

function report(): void {
  if (options['dry-run']) return
  saveResult('redis-recovery', {
    title: 'When Redis fails, and when it is back',
    question:
      'How soon do decisions go on without Redis, how long do they take meanwhile, and how soon is everything there again?',
    command: ['node --import tsx bench/redis/recovery.ts', ...process.argv.slice(2)].join(' '),
    machine: thisMachine(),
    ranAt: new Date().toISOString(),
    tables: [
      {
        caption: `One Emma with a deadline of 50 ms, ${PER_TURN * 50} decisions a second (open loop); each fault ${TIMES} times for ${SECONDS} s; noticed and back: ms, median (max)`,
        columns: [
          'fault',
          'first degraded answer after',
          'all there again after',
          'decisions meanwhile',
          'not 200',
          'p50 ms',
          'p99 ms',
          'longest ms',
          'full answers in all',
          'with something counted',
          'over cap or volume',
        ],
        rows,
      },
    ],
    text: [
      `Load average of the machine meanwhile: ${loadavg()[1]!.toFixed(1)}; above the number of its cores all times are longer.`,
      'All there again: from the end of the fault to the first of five answers in a row that lack nothing. Redis is back when it answers PING, what it had written loaded. Not 200 counts decisions and the probes beside them. Latency counts from the time of sending; generator, Emma and Redis share the machine’s cores.',
    ],
  })
}
