// What Node asks of each module that is imported: a .ts file is what esbuild makes of it.
import { hash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/emma/', import.meta.url))
const { version } = createRequire(import.meta.url)('esbuild/package.json')

/**
 * Functions are left to name themselves. tsx has the name of each set anew whenever one is made, and a decision makes
 * hundreds: without it a decision takes a fifth less CPU (docs/decisions/0010).
 */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context)
  const written = await readFile(fileURLToPath(url), 'utf8')
  return { format: 'module', source: await translated(url, written), shortCircuit: true }
}

/** Kept beside the packages, where that may be written: a command takes longer to translate than to run. */
async function translated(url, written) {
  const kept = `${CACHE}${hash('sha256', `${version}\n${url}\n${written}`).slice(0, 32)}.js`
  try {
    return await readFile(kept, 'utf8')
  } catch {
    const code = await translate(url, written)
    await keep(kept, code).catch(() => {})
    return code
  }
}

async function translate(url, written) {
  const { transform } = await import('esbuild')
  const { code } = await transform(written, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    sourcesContent: false,
    sourcefile: url,
  })
  return code
}

/** In one step, for others read it at the same time. */
async function keep(path, code) {
  const draft = `${path}.${randomUUID()}`
  await mkdir(CACHE, { recursive: true })
  await writeFile(draft, code)
  await rename(draft, path)
}
