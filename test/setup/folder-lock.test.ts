import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withFolderLock } from './folder-lock.ts'

describe('withFolderLock', () => {
  let folder: string
  let lock: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-lock-'))
    lock = join(folder, 'lock')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('lets one work at a time and leaves nothing behind', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await sleep(20)
      inside -= 1
    }
    await Promise.all([1, 2, 3, 4].map(() => withFolderLock(lock, work)))
    expect(most).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })

  test('is released when the work fails', async () => {
    await expect(withFolderLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await withFolderLock(lock, async () => 'next')).toBe('next')
  })

  test('takes over the lock of a process that died', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid
    await mkdir(lock)
    await writeFile(join(lock, 'pid'), String(dead))
    expect(await withFolderLock(lock, async () => 'mine')).toBe('mine')
  })

  test('takes over a lock that never got its holder’s name', async () => {
    await mkdir(lock)
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(lock, longAgo, longAgo)
    expect(await withFolderLock(lock, async () => 'mine')).toBe('mine')
  })

  test('waits for a holder that lives', async () => {
    await mkdir(lock)
    await writeFile(join(lock, 'pid'), String(process.pid))
    const waiting = withFolderLock(lock, async () => 'mine')
    expect(await Promise.race([waiting, sleep(300, 'still waiting')])).toBe('still waiting')
    await rm(lock, { recursive: true })
    expect(await waiting).toBe('mine')
  })
})
