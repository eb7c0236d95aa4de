// What Node asks of each module that is imported: a .ts file is what esbuild makes of it.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

/**
 * Functions are left to name themselves. tsx has the name of each set anew whenever one is made, and a decision makes
 * hundreds: without it a decision takes a fifth less CPU (docs/decisions/0010).
 */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context)
  const { code } = await transform(await readFile(fileURLToPath(url), 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    sourcesContent: false,
    sourcefile: url,
  })
  return { format: 'module', source: code, shortCircuit: true }
}
