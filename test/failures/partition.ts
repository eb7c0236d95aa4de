/**
 * What of that which was granted is lost when a replica takes over: after a cut cable between master and replicas, and
 * when a master of a cluster is killed. `npm run partition` writes it to bench/RESULTS.md; it needs root and iproute2.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { saveResult, thisMachine } from '../../bench/measuring/results-page.ts'
import { bucketOfDecision, decisionKey } from '../../src/stores/keys.ts'
import { type Served, serve } from '../cli/run-emma.ts'
import { startRedisCluster } from '../setup/redis-cluster.ts'
import { type Answer, isFull, startCallers } from './callers.ts'
import { settingsFor } from './emma-on-redis.ts'
import { granted, overfilled } from './grants.ts'
import { missing, startMovingLine, startTwoNetworks } from './two-networks.ts'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    cuts: { type: 'string', default: '3' },
    durability: { type: 'string', multiple: true, default: ['async', 'replicated'] },
    'dry-run': { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
const SECONDS = Number(options.seconds)
const ROUNDS = Number(options.rounds)
/** 200 requests a second. */
const PER_TURN = 4
const CUSTOMERS = 200

const say = (line: string) => process.stdout.write(`${line}\n`)
if (options.help) {
  say(
    'npm run partition -- [--seconds 5] [--cuts 3] [--rounds 5] [--durability async --durability replicated] [--dry-run]',
  )
  process.exit(0)
}
const lacks = missing()
if (lacks !== null) {
  say(lacks)
  process.exit(1)
}

type Row = readonly (string | number)[]

const cutRows: Row[] = []
for (const durability of options.durability)
  for (let cut = 0; cut < Number(options.cuts); cut++) {
    const row = await cutCable(durability)
    say(`cut cable, ${row.join(' | ')}`)
    cutRows.push(row)
  }
const killRows: Row[] = []
for (let round = 1; round <= ROUNDS; round++) {
  const row = await killMaster(round)
  say(`master killed, ${row.join(' | ')}`)
  killRows.push(row)
}
report()
// A client of a cluster of which a node is gone may go on looking for it.
process.exit()

async function cutCable(durability: string): Promise<Row> {
  const networks = await startTwoNetworks()
  const line = await startMovingLine(networks.master)
  try {
    return await withEmma(`redis://127.0.0.1:${line.port}`, durability, async (emma) => {
      const warm = await ask(emma, 'warm', { seconds: 1, perTurn: 1 })
      networks.cut()
      const during = await ask(emma, 'cut', { seconds: SECONDS, perTurn: PER_TURN })
      await networks.promote()
      const replica = new Redis({ ...networks.replica, maxRetriesPerRequest: 3 })
      const lost = await missingOf(during, (key) => replica.exists(key))
      replica.disconnect()
      line.moveTo(networks.replica)
      const again = await ask(emma, 'cut', { seconds: SECONDS, perTurn: PER_TURN })
      const over = overfilled([...warm, ...during, ...again])
      return [
        durability,
        during.length,
        during.filter((answer) => !isFull(answer)).length,
        granted(during).length,
        lost,
        over.boots,
        over.gloves,
        again.filter(isFull).length,
      ]
    })
  } finally {
    line.stop()
    await networks.close()
  }
}

async function killMaster(round: number): Promise<Row> {
  const cluster = await startRedisCluster()
  try {
    return await withEmma(cluster.url, 'async', async (emma) => {
      await ask(emma, 'warm', { seconds: 1, perTurn: 1 })
      const callers = startCallers(emma.url, {
        name: 'c',
        perTurn: PER_TURN,
        customers: CUSTOMERS,
        probes: false,
      })
      await sleep(1_000)
      const master = cluster.nodes[round % 3]!
      const killed = performance.now()
      process.kill(master.pid, 'SIGKILL')
      await cluster.successorOf(master)
      await callers.untilFull(20)
      const ms = performance.now() - killed
      await sleep(1_000)
      await callers.stop()
      const masters = new Redis.Cluster(
        cluster.nodes
          .filter(({ port }) => port !== master.port)
          .map(({ port }) => ({ host: '127.0.0.1', port })),
      )
      const lost = await missingOf(callers.answers, (key) => masters.exists(key))
      masters.disconnect()
      const over = overfilled(callers.answers)
      const degraded = callers.answers.filter((answer) => !isFull(answer)).length
      return [
        ...[
          round,
          callers.answers.length,
          degraded,
          granted(callers.answers).length,
          lost,
          over.boots,
          over.gloves,
        ],
        Math.round(ms),
      ]
    })
  } finally {
    await cluster.stop()
  }
}

async function withEmma(url: string, durability: string, work: (emma: Served) => Promise<Row>): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'emma-partition-'))
  const emma = await serve({ ...settingsFor(url, folder), STORE_DURABILITY: durability }, folder)
  try {
    return await work(emma)
  } catch (error) {
    say(emma.log())
    throw error
  } finally {
    await emma.stop('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function ask(
  emma: Served,
  name: string,
  { seconds, perTurn }: { seconds: number; perTurn: number },
): Promise<readonly Answer[]> {
  const callers = startCallers(emma.url, { name, perTurn, customers: CUSTOMERS, probes: false })
  await sleep(1_000 * seconds)
  await callers.stop()
  const refused = callers.answers.filter(({ status }) => status !== 200)
  if (refused.length > 0) throw new Error(`${refused.length} answers were not 200: ${refused[0]!.said}`)
  return callers.answers
}

/** Of the decisions that were granted, how many are not kept. */
async function missingOf(
  answers: readonly Answer[],
  exists: (key: string) => Promise<number>,
): Promise<number> {
  const kept = await Promise.all(
    granted(answers).map(({ decisionId }) => exists(decisionKey(bucketOfDecision(decisionId)!, decisionId))),
  )
  return kept.filter((found) => found === 0).length
}

function report(): void {
  if (options['dry-run']) return
  saveResult('redis-partition', {
    title: 'What a failover loses',
    question:
      'How much of what was granted is not known to the replica that takes over, and how far do caps and volumes overfill?',
    command: ['npm run partition', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
      ' ',
    ),
    machine: thisMachine(),
    ranAt: new Date().toISOString(),
    tables: [
      {
        caption: `The cable between the master and its two replicas is cut for ${SECONDS} s while Emma is asked ${PER_TURN * 50} times a second; then a replica is promoted, and the same customers ask again`,
        columns: [
          'STORE_DURABILITY',
          'answers during the cut',
          'of them degraded',
          'granted during the cut',
          'of them lost',
          'contacts over the cap',
          'over the volume',
          'granted in full after it',
        ],
        rows: cutRows,
      },
      {
        caption:
          'A cluster of three masters with a replica each, cluster-node-timeout 1 s, STORE_DURABILITY=async: one master is killed',
        columns: [
          'round',
          'answers',
          'of them degraded',
          'granted',
          'of them lost',
          'contacts over the cap',
          'over the volume',
          'ms until all is full again',
        ],
        rows: killRows,
      },
    ],
    text: [
      `Load average of the machine meanwhile: ${loadavg()[1]!.toFixed(1)}; above the number of its cores all times are longer.`,
      'Every answer was a 200. Granted is what an answer without degraded showed of the capped and the limited action; lost is a decision of which the new master has no record. With async, what was granted after the cut is lost, and caps are overfilled by as much; with replicated it is not granted in the first place. To kill a process does not test a loss: on one machine what it had sent still arrives.',
    ],
  })
}
