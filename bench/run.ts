/** Runs every bench, one after the other, and writes bench/RESULTS.md. A bench whose data are absent says so and is left out. */
import { spawnSync } from 'node:child_process'

const BENCHES: readonly (readonly string[])[] = [
  ['bench/http/reference.ts'],
  ['bench/http/parts.ts'],
  ['bench/http/latency.ts'],
  ['bench/http/growth.ts'],
  ['bench/http/workers.ts'],
  ['bench/online-retail.ts'],
  ['bench/steps/rules.ts'],
  ['bench/steps/contacts.ts'],
  ['bench/steps/choosing.ts'],
  ['bench/steps/batching.ts'],
  ['bench/redis/commit.ts'],
  ['bench/redis/recovery.ts'],
]

if (process.argv.includes('--help')) {
  console.log('npm run bench: runs every bench and writes bench/RESULTS.md')
  process.exit(0)
}
let failed = 0
for (const bench of BENCHES) {
  const begun = performance.now()
  console.log(`\n== ${bench.join(' ')}`)
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', ...bench], { stdio: 'inherit' })
  if (status !== 0) failed++
  console.log(`(${((performance.now() - begun) / 1000).toFixed(0)} s)`)
}
console.log(
  failed === 0 ? '\nbench/RESULTS.md is written' : `\n${failed} of ${BENCHES.length} benches failed`,
)
process.exitCode = failed === 0 ? 0 : 1
