/**
 * Has the hot path become much dearer? For `.ci/run`: the reference decision without server and store, held against
 * bench/budget.json by two measures that a busy machine hardly moves: bytes allocated for one decision, and its time as a
 * multiple of a yardstick’s in the same process, each at its best of many turns.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inProcess } from './reference/in-process.ts'

interface Budget {
  readonly bytesPerDecision: number
  readonly timesTheYardstick: number
}

const HERE = fileURLToPath(import.meta.url)
/** So large a nursery that nothing is collected while it is counted what is put into it. */
const NODE_FLAGS = ['--expose-gc', '--min-semi-space-size=512', '--max-semi-space-size=512']
const CUSTOMERS = 500
const WARM = 4000
const COUNTED = 400
const TURNS = 30
const IN_TURN = 40

if (process.argv.includes('--help')) {
  console.log(
    'npm run guard: holds the reference decision against bench/budget.json; exits with 1 when it is dearer',
  )
  process.exit(0)
}
if (globalThis.gc === undefined) {
  const { status } = spawnSync(process.execPath, [...NODE_FLAGS, '--import', 'tsx', HERE], {
    stdio: 'inherit',
  })
  process.exit(status ?? 1)
}

/** What the yardstick came to, so that none of it is left out. */
let kept = 0

const { decide } = await inProcess(100, CUSTOMERS)
for (let n = 0; n < WARM; n++) await decide(n)
const budget: Budget = JSON.parse(readFileSync(new URL('./budget.json', import.meta.url), 'utf8'))
const found: Budget = { bytesPerDecision: await bytes(), timesTheYardstick: await times() }
let isOver = false
for (const [name, most] of Object.entries(budget)) {
  const is = found[name as keyof Budget]
  const isDearer = !(is <= most)
  isOver ||= isDearer
  console.log(`${name}: ${Math.round(is * 100) / 100}, at most ${most}${isDearer ? ': TOO MUCH' : ''}`)
}
if (isOver || kept === 0) {
  console.log('The hot path has become dearer. If that is meant, say why where bench/budget.json is changed.')
  process.exitCode = 1
}

async function bytes(): Promise<number> {
  globalThis.gc!()
  const before = process.memoryUsage().heapUsed
  for (let n = 0; n < COUNTED; n++) await decide(n)
  return (process.memoryUsage().heapUsed - before) / COUNTED
}

/** The least of many turns on both sides: what disturbs a machine only ever adds. */
async function times(): Promise<number> {
  let [own, yardstick] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let turn = 0; turn < TURNS; turn++) {
    let begun = performance.now()
    for (let n = 0; n < IN_TURN; n++) await decide(turn * IN_TURN + n)
    own = Math.min(own, performance.now() - begun)
    begun = performance.now()
    for (let n = 0; n < IN_TURN; n++) measureOut(n)
    yardstick = Math.min(yardstick, performance.now() - begun)
  }
  return own / yardstick
}

/** What a decision does much of, and nothing of Emma’s: objects, maps, sorting, JSON, a hash’s worth of arithmetic. */
function measureOut(seed: number): void {
  const rows = Array.from({ length: 100 }, (_, i) => ({
    id: `row-${i}`,
    value: (i * 7919 + seed) % 101,
    on: i % 3,
  }))
  const byId = new Map(rows.map((row) => [row.id, row]))
  const best = rows.filter(({ on }) => on > 0).sort((a, b) => b.value - a.value)
  const text = JSON.stringify(best.slice(0, 20))
  kept += (JSON.parse(text) as unknown[]).length + (byId.get(`row-${seed % 100}`)?.value ?? 0)
}
