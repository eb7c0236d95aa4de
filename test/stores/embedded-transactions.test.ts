import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, open as openFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Environment, openEnvironment } from '../../src/stores/embedded/environment.ts'
import { transact } from '../../src/stores/embedded/transactions.ts'

/** Where the lock file of LMDB says which commit was the last. */
const LAST_COMMIT_AT = 8

const STRESS_MS = 15_000

function startWorker(folder: string, task: string) {
  const script = new URL('./transaction-worker.ts', import.meta.url)
  const worker = fork(script, [folder, task], { execArgv: ['--import', 'tsx'] })
  let told: unknown
  const begun = new Promise((resolve) => worker.once('message', resolve))
  worker.on('message', (message) => {
    told = message
  })
  const ended = new Promise<{ code: number | null; told: unknown }>((resolve) => {
    worker.once('exit', (code) => resolve({ code, told }))
  })
  return { process: worker, begun, ended }
}

/** As a busy machine does, only more often. */
async function haltNowAndThen(worker: ChildProcess, end: number): Promise<void> {
  while (Date.now() < end) {
    await setTimeout(Math.random() * 10)
    worker.kill('SIGSTOP')
    await setTimeout(5)
    worker.kill('SIGCONT')
  }
}

describe('a write transaction of the embedded store', () => {
  let folder: string
  let db: Environment
  let lockFile: Awaited<ReturnType<typeof openFile>>
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-transactions-'))
    db = (await openEnvironment(folder, undefined)).db
    lockFile = await openFile(join(folder, 'store.mdb-lock'), 'r+')
  })
  afterEach(async () => {
    await db.close()
    // Only now: closing it gives up the locks that LMDB has on it.
    await lockFile.close()
    await rm(folder, { recursive: true, force: true })
  })

  const count = () => {
    const next = Number(new TextDecoder().decode(db.get('count'))) + 1
    void db.put('count', Buffer.from(`${next}`))
    void db.put(`written-${next}`, Buffer.alloc(next * 100, next))
    return next
  }
  async function lastCommit(): Promise<bigint> {
    const { buffer } = await lockFile.read(Buffer.alloc(8), 0, 8, LAST_COMMIT_AT)
    return buffer.readBigUInt64LE()
  }
  /** As a process does that opens the store while others commit. */
  async function moveLastCommit(by: number): Promise<void> {
    const moved = Buffer.alloc(8)
    moved.writeBigUInt64LE((await lastCommit()) + BigInt(by))
    await lockFile.write(moved, 0, 8, LAST_COMMIT_AT)
  }

  it('is founded on the last commit, whichever the lock file names', async () => {
    for (let i = 1; i <= 20; i++) expect(await transact(db, count)).toBe(i)
    for (let i = 1; i <= 20; i++) {
      const before = await lastCommit()
      await moveLastCommit(-i)
      const together = Promise.all([transact(db, count), transact(db, count)])
      expect(await together).toEqual([19 + 2 * i, 20 + 2 * i])
      expect(await lastCommit()).toBe(before + 1n)
    }
    for (let i = 1; i <= 60; i++) expect(db.get(`written-${i}`)).toEqual(Buffer.alloc(i * 100, i))
  })

  it('writes nothing where the lock file cannot be as it is', async () => {
    expect(await transact(db, count)).toBe(1)
    await moveLastCommit(7)
    await expect(transact(db, count)).rejects.toMatchObject({ code: 'store_unavailable' })
    await moveLastCommit(-7)
    expect(await transact(db, count)).toBe(2)
  })

  it('is lost to no process that opens the store meanwhile and halts at any moment', {
    timeout: 120_000,
  }, async () => {
    const counters = ['count', 'count'].map((task) => startWorker(folder, task))
    const openers = ['open', 'open', 'open'].map((task) => startWorker(folder, task))
    const workers = [...counters, ...openers]
    await Promise.all(workers.map(({ begun }) => begun))
    const end = Date.now() + STRESS_MS
    await Promise.all(openers.map((opener) => haltNowAndThen(opener.process, end)))
    for (const worker of workers) if (worker.process.connected) worker.process.send('end')
    const ends = await Promise.all(workers.map(({ ended }) => ended))
    expect(ends.map(({ code }) => code)).toEqual(workers.map(() => 0))
    const [first, second] = ends
    db.resetReadTxn()
    expect(Number(db.get('count')?.toString())).toBe(Number(first!.told) + Number(second!.told))
  })

  it('passes on what the work throws', async () => {
    const work = () => {
      throw new Error('a reason')
    }
    await expect(transact(db, work)).rejects.toThrow('a reason')
    expect(await transact(db, count)).toBe(1)
  })
})
