import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import * as z from 'zod'

const noteSchema = z.strictObject({
  what: z.string(),
  store: z.string(),
  bytes: z.number(),
  changedAt: z.number(),
  rows: z.int().nonnegative(),
})

/** How far a file has come, so that it outlives the process. */
export interface Checkpoint {
  /** Where it is kept. */
  readonly path: string
  /** Rows of the file that are in; 0 when nothing was noted, or of another file, store or kind of rows. */
  rows(): Promise<number>
  note(rows: number): Promise<void>
  forget(): Promise<void>
}

/**
 * Kept in a small file beside the one that is loaded, `<file>.emma-load`: it goes where the data go, and whoever may
 * read it could read them.
 * @param what - the kind of rows
 * @param store - the store they go to
 */
export async function openCheckpoint(file: string, what: string, store: string): Promise<Checkpoint> {
  const path = `${resolve(file)}.emma-load`
  const { size, mtimeMs } = await stat(file)
  const about = { what, store, bytes: size, changedAt: mtimeMs }
  return {
    path,
    async rows() {
      try {
        const { rows, ...noted } = noteSchema.parse(JSON.parse(await readFile(path, 'utf8')))
        return JSON.stringify(noted) === JSON.stringify(about) ? rows : 0
      } catch {
        // Missing or damaged: everything is told again, which is harmless.
        return 0
      }
    },
    async note(rows) {
      await writeFile(`${path}.new`, JSON.stringify({ ...about, rows }))
      await rename(`${path}.new`, path)
    },
    forget: () => rm(path, { force: true }),
  }
}
