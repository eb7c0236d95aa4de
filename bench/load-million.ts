/** `emma features load` of a million customers into each store, killed on the way and begun again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStore, PATIENT } from '../src/stores/open-store.ts'
import { startRedis } from '../test/setup/redis-server.ts'
import { makeFeatureFolder } from './load/feature-folder.ts'
import { digits, loadText, publish } from './measuring/figures.ts'

if (process.argv.includes('--help')) {
  console.log(
    'node --import tsx bench/load-million.ts [rows]: a million customers into each store, killed on the way',
  )
  process.exit(0)
}
const ROWS = Number(process.argv[2] ?? 1_000_000)
const SECRET = 'of the bench, and long enough for it'

const loadBefore = loadavg()[0]!
const folder = mkdtempSync(join(tmpdir(), 'emma-bench-million-'))
const redis = await startRedis()
try {
  const { folder: features, manifest } = await makeFeatureFolder(join(folder, 'features'), ROWS, 'csv')
  const embedded = join(folder, 'store')
  const rows = []
  for (const [name, url] of [
    ['Redis', redis.url],
    ['embedded', `embedded:${embedded}`],
  ] as const) {
    const env = { STORE_URL: url, STORE_DURABILITY: 'async' as const, SECRET }
    const killed = await load(env, true)
    const resumed = await load(env, false)
    const said = /([\d,]+) customers loaded.* ([\d.]+) s, ([\d,]+) rows\/s/.exec(resumed.output)
    const skipped = /([\d,]+) rows are in already/.exec(resumed.output)?.[1] ?? '0'
    if (said?.[1]?.replaceAll(',', '') !== String(ROWS)) throw new Error(`${name}: ${resumed.output}`)
    rows.push([
      name,
      `${digits(killed.seconds)} s, at ${digits(killed.reached)} rows`,
      digits(killed.reached / killed.seconds),
      skipped,
      `${said[2]} s`,
      `${digits(Math.max(killed.peak, resumed.peak) / 1024)} MB`,
    ])
    console.error(rows.at(-1)!.join(' | '))
  }
  const perCustomer = statSync(join(embedded, 'store.mdb')).size / ROWS
  publish('load-million', {
    title: 'A million customers',
    question:
      'How long does a large feature set take, in how much memory, and what is lost when the load is killed?',
    command: `node --import tsx bench/load-million.ts${ROWS === 1_000_000 ? '' : ` ${ROWS}`}`,
    tables: [
      {
        caption: `emma features load, CSV, ${ROWS.toLocaleString('en')} customers with 64 features; SIGKILL on the way, then once more`,
        columns: [
          'store',
          'killed after',
          'rows/s until then, written and noted',
          'rows that the second run did not write again',
          'second run',
          'peak memory of the process',
        ],
        rows,
      },
    ],
    text: [
      `All customers are in, each once, and the set is in use (${manifest.version}). The file of the embedded store takes ${digits(perCustomer)} bytes per customer after it.`,
      loadText(loadBefore),
    ],
  })

  /** Loads the folder; `isKilled` when a third is noted. */
  async function load(env: Parameters<typeof openStore>[0], isKilled: boolean) {
    const begun = performance.now()
    const child = spawn(process.execPath, ['src/cli/emma.mjs', 'features', 'load', features], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
    const ended = once(child, 'close')
    const peak = watchPeak(child)
    let reached = 0
    if (isKilled) {
      const store = await openStore(env, PATIENT)
      while (reached < ROWS / 3 && child.exitCode === null) {
        await sleep(50)
        reached = await store.loader.loadedRows(manifest)
      }
      child.kill('SIGKILL')
      await store.close()
    }
    const [code] = await ended
    if (!isKilled && code !== 0) throw new Error(output)
    return { seconds: (performance.now() - begun) / 1000, reached, peak: peak(), output }
  }
} finally {
  await redis.stop()
  rmSync(folder, { recursive: true })
}

/** Peak resident memory of a process in KiB, as Linux tells it. */
function watchPeak({ pid }: ChildProcess): () => number {
  let peak = 0
  const timer = setInterval(() => {
    try {
      peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? peak)
    } catch {
      // It has ended.
    }
  }, 200)
  return () => {
    clearInterval(timer)
    return peak
  }
}
