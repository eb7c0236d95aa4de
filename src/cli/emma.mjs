#!/usr/bin/env node
// JavaScript, for Node reads it as it is; what it imports first teaches Node to read the TypeScript of the others.
const OLDEST = [20, 19]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`Emma needs Node ${OLDEST.join('.')} or newer, and this is Node ${process.versions.node}.`)
  process.exit(1)
}

// Imported only now: an old Node would stop at them before it could say the sentence above.
await import('../typescript/register.mjs')
await import('./main.ts')
