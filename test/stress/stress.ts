import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startRedisCluster } from '../setup/redis-cluster.ts'
import { startRedis } from '../setup/redis-server.ts'
import { breaches, runStress } from './run-stress.ts'
import { startWorkers } from './workers.ts'

const HELP = `Many processes decide for few customers at once; then ledgers and answers are counted against each other.

npm run stress -- [options]

  --store <names>                 embedded, redis, cluster: one or several, by commas; each is tried by itself,
                                  servers of its own are started and ended               (all)
  --tries <n>                     decisions of all processes together                    (160000)
  --processes <n>                                                                        (16)
  --seed <n>                      which customers, placements and outcomes are drawn     (1)
  --help

Ends with 0 when every promise was kept, with 1 when one was broken.`

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'embedded,redis,cluster' },
    tries: { type: 'string', default: '160000' },
    processes: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

/** A store of its own, and how it is removed. */
async function startStore(kind: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  if (kind === 'redis') return startRedis()
  if (kind === 'cluster') return startRedisCluster()
  const folder = await mkdtemp(join(tmpdir(), 'emma-stress-store-'))
  return { url: `embedded:${folder}`, stop: () => rm(folder, { recursive: true, force: true }) }
}

const [tries, processes, seed] = [Number(values.tries), Number(values.processes), Number(values.seed)]
const stores = values.store.split(',')
const isSense =
  stores.every((store) => ['embedded', 'redis', 'cluster'].includes(store)) &&
  [tries, processes].every((count) => Number.isInteger(count) && count > 0) &&
  Number.isInteger(seed)

if (values.help || !isSense) {
  process.stdout.write(`${HELP}\n`)
  process.exitCode = values.help ? 0 : 2
} else {
  const say = (message: string) => process.stderr.write(`${message}\n`)
  const workers = await startWorkers(processes)
  try {
    for (const kind of stores) {
      say(`${kind}: ${tries} tries by ${processes} processes`)
      const store = await startStore(kind)
      try {
        const report = await runStress(store.url, workers, Math.ceil(tries / processes), seed, say)
        const said = breaches(report)
        const told = { store: kind, ...report, over: report.over.length, breaches: said }
        process.stdout.write(`${JSON.stringify(told, null, 2)}\n`)
        if (said.length > 0) process.exitCode = 1
      } finally {
        await store.stop()
      }
    }
  } finally {
    await workers.stop()
  }
}
