/** Where does the server’s time go, function by function? Draws docs/flame-graph.svg of the reference decision on Redis. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startRedis } from '../../test/setup/redis-server.ts'
import { closedLoop } from '../measuring/closed-loop.ts'
import { type CpuProfile, flameGraph } from '../measuring/flame-graph.ts'
import { leaveFirstCore } from '../measuring/server-process.ts'
import { startEmma } from '../reference/emma.ts'
import { requestOf } from '../reference/requests.ts'

const DRAWN = fileURLToPath(new URL('../../docs/flame-graph.svg', import.meta.url))
const WARM_SECONDS = 15
const SECONDS = 8

if (process.argv.includes('--help')) {
  console.log('node --import tsx bench/http/flame.ts: draws docs/flame-graph.svg')
  process.exit(0)
}
await leaveFirstCore()
const redis = await startRedis()
const folder = mkdtempSync(join(tmpdir(), 'emma-flame-'))
try {
  const nodeArgs = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500']
  const emma = await startEmma({ store: redis.url, nodeArgs })
  const asked = { path: '/v1/decisions', body: (n: number) => requestOf(n) }
  await closedLoop(emma, asked, { seconds: WARM_SECONDS, connections: 32 })
  const begun = performance.now()
  const { requests, cpuMicros } = await closedLoop(emma, asked, {
    ...{ seconds: SECONDS, connections: 32, from: 500_000 },
  })
  const ended = performance.now()
  await emma.stop()
  const profile = mainOf(folder)
  const all = profile.timeDeltas.reduce((sum, one) => sum + one, 0)
  // It goes on until the server has ended, a moment after the last request.
  const to = all - 1000 * (performance.now() - ended)
  const from = to - 1000 * (ended - begun)
  const title = `The reference decision on Redis, ${requests.toLocaleString('en')} times (${Math.round(cpuMicros)} µs of CPU for each while it is watched)`
  writeFileSync(DRAWN, flameGraph(title, profile, from, to))
  console.log(`${DRAWN} is drawn`)
} finally {
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** There is one for each thread; the longest is that of the event loop. */
function mainOf(where: string): CpuProfile {
  const texts = readdirSync(where).map((name) => readFileSync(join(where, name), 'utf8'))
  if (texts.length === 0) throw new Error('the server wrote no profile')
  return JSON.parse(texts.reduce((a, b) => (b.length > a.length ? b : a)))
}
