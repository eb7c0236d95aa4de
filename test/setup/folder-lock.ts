import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_AGAIN_MS = 100
/** A holder writes its process id at once, so a lock without one for this long has lost its holder. */
const NAMELESS_FOR_MS = 10_000
/** Beyond this age no holder is believed: its process id may belong to another container. */
const HELD_FOR_MS = 15 * 60_000

/**
 * Runs `work` while the folder `lock` exists, which only one process at a time can create.
 * Others wait. The lock of a process that died is taken over; it is released whatever `work` does.
 *
 * Two waiters may, very rarely, take over the same dead lock together, so `work` must be harmless to repeat.
 */
export const withFolderLock = async <T>(lock: string, work: () => Promise<T>): Promise<T> => {
  await mkdir(dirname(lock), { recursive: true })
  while (!(await taken(lock))) {
    if (await isAbandoned(lock)) await remove(lock)
    else await sleep(LOOK_AGAIN_MS)
  }
  try {
    return await work()
  } finally {
    await remove(lock)
  }
}

const taken = async (lock: string): Promise<boolean> => {
  try {
    await mkdir(lock)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  await writeFile(join(lock, 'pid'), String(process.pid))
  return true
}

const isAbandoned = async (lock: string): Promise<boolean> => {
  const made = await stat(lock).catch(() => undefined)
  if (!made) return false
  const age = Date.now() - made.mtimeMs
  if (age > HELD_FOR_MS) return true
  const holder = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => ''))
  return holder > 0 ? !isAlive(holder) : age > NAMELESS_FOR_MS
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Renamed before it is deleted: a folder half deleted would already look free. */
const remove = async (lock: string): Promise<void> => {
  const aside = `${lock}.${randomUUID()}`
  try {
    await rename(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  await rm(aside, { recursive: true, force: true })
}
