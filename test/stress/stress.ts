import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startRedisCluster } from '../setup/redis-cluster.ts'
import { startRedis } from '../setup/redis-server.ts'
import { breaches, runStress } from './run-stress.ts'

const HELP = `Many processes decide for few customers at once; then ledgers and answers are counted against each other.

npm run stress -- [options]

  --store embedded|redis|cluster  what to try; servers of its own are started and ended  (embedded)
  --tries <n>                     decisions of all processes together                    (160000)
  --processes <n>                                                                        (16)
  --seed <n>                      which customers, placements and outcomes are drawn     (1)
  --help

Ends with 0 when every promise was kept, with 1 when one was broken.`

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'embedded' },
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
const isSense =
  ['embedded', 'redis', 'cluster'].includes(values.store) &&
  [tries, processes].every((count) => Number.isInteger(count) && count > 0) &&
  Number.isInteger(seed)

if (values.help || !isSense) {
  process.stdout.write(`${HELP}\n`)
  process.exitCode = values.help ? 0 : 2
} else {
  const store = await startStore(values.store)
  try {
    const say = (message: string) => process.stderr.write(`${message}\n`)
    const report = await runStress(store.url, processes, Math.ceil(tries / processes), seed, say)
    const said = breaches(report)
    const told = { ...report, over: report.over.length, breaches: said }
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`)
    process.exitCode = said.length === 0 ? 0 : 1
  } finally {
    await store.stop()
  }
}
