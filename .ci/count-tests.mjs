// Reads a vitest JSON report: prints "passed failed skipped" for the script, and the failures for the reader.
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

/** Of one failure; the whole of it stands above, as the default reporter tells it. */
const MOST_LINES = 20

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const count = { passed: 0, failed: 0, skipped: 0 }
const failure = (file, title, message) => {
  count.failed += 1
  const [what] = (message ?? '').split(/\n\s+at /)
  const lines = what.split('\n').slice(0, MOST_LINES)
  process.stderr.write(
    `\nFAILED: ${relative('', file)} ${title}\n${lines.map((line) => `  ${line}\n`).join('')}`,
  )
}

for (const { name, status, message, assertionResults } of testResults) {
  for (const test of assertionResults) {
    if (test.status === 'passed') count.passed += 1
    else if (test.status === 'failed') failure(name, test.fullName, test.failureMessages[0])
    else count.skipped += 1
  }
  // A file that does not load, or whose set-up fails, has no failed test to its name.
  const isCounted = assertionResults.some((test) => test.status === 'failed')
  if (status === 'failed' && !isCounted) failure(name, 'did not run', message)
}
process.stdout.write(`${count.passed} ${count.failed} ${count.skipped}\n`)
