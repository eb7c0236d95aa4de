#!/usr/bin/env node
// The only JavaScript file: Node reads it as it is, and it teaches Node to read the TypeScript of the others.
const OLDEST = [20, 19]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`Emma needs Node ${OLDEST.join('.')} or newer, and this is Node ${process.versions.node}.`)
  process.exit(1)
}

// Imported only now: an old Node would stop at tsx before it could say the sentence above.
const { register } = await import('tsx/esm/api')
// Without this, tsx would obey the tsconfig.json of whatever folder Emma is called from.
register({ tsconfig: false })
await import('./main.ts')
