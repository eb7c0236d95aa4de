import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Lets `write` fill a folder that appears at `target` whole or not at all; what stood there before is replaced.
 * The half-written folder lies beside the target, so that renaming it never copies.
 */
export async function writeWholeFolder<T>(target: string, write: (folder: string) => Promise<T>): Promise<T> {
  const parent = dirname(target)
  await mkdir(parent, { recursive: true })
  const work = await mkdtemp(join(parent, `.${basename(target)}-`))
  try {
    const fresh = join(work, 'new')
    await mkdir(fresh)
    const result = await write(fresh)
    const old = join(work, 'old')
    await rename(target, old).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(fresh, target)
    return result
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
