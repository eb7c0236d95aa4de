import { openSync, readSync, writeSync } from 'node:fs'
import type { RootDatabase } from 'lmdb'
import { failure } from '../../domain/errors.ts'

type Lmdb = RootDatabase<Uint8Array, string>

/** LMDB, to be written to by {@link transact} only. */
export type Transacted = Omit<
  Lmdb,
  'transaction' | 'transactionSync' | 'childTransaction' | 'batch' | 'ifVersion' | 'ifNoExists'
>

/** MDB_MAGIC, which the lock file of LMDB begins with. */
const MAGIC = 0xbeefc0de
/** In the lock file, before everything that differs between systems: the number of the last commit. */
const LAST_COMMIT_AT = 8
/** Each new attempt takes one more process that opens the store at just the wrong moment. */
const ATTEMPTS = 100

/** What lmdb has and does not declare. */
interface Undeclared {
  readonly path: string
  readonly env: { info(): { readonly lastTxnId: number } }
}

/**
 * Does work in one write transaction. Every write goes this way, so that none is founded on anything but the last commit.
 *
 * Alone, LMDB does not see to that: a process that opens the store writes into the lock file, without the lock of the
 * writers, which commit it took for the last one (ITS#9496, mended in LMDB in 2021; the copy in lmdb 3.5.6 has it still).
 * What others commit meanwhile is forgotten: the next writer would write over it, and over pages that are in use. The
 * data file still knows the last commit, and while a writer holds the lock, nobody can add one.
 */
export async function transact<T>(db: Transacted, work: () => T): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const done = await (db as Lmdb).transaction(() => (isUpToDate(db as Lmdb) ? { result: work() } : null))
    if (done !== null) return done.result
  }
  throw outOfStep(db as Lmdb)
}

/** Inside a transaction, before it writes: whether it began from the last commit. If not, the next one will. */
function isUpToDate(db: Lmdb): boolean {
  const { lastTxnId } = undeclared(db).env.info()
  if (db.getWriteTxnId() === lastTxnId + 1) return true
  const head = Buffer.alloc(LAST_COMMIT_AT + 8)
  const file = lockFileOf(db)
  readSync(file, head, 0, head.length, 0)
  const told = head.readBigUInt64LE(LAST_COMMIT_AT)
  if (head.readUInt32LE(0) !== MAGIC || told > lastTxnId) throw outOfStep(db)
  head.writeBigUInt64LE(BigInt(lastTxnId), LAST_COMMIT_AT)
  writeSync(file, head, LAST_COMMIT_AT, 8, LAST_COMMIT_AT)
  return false
}

/** They stay open: closing any descriptor of a file gives up every lock the process has on it, those of LMDB too. */
const lockFiles = new WeakMap<Lmdb, number>()

function lockFileOf(db: Lmdb): number {
  const known = lockFiles.get(db)
  if (known !== undefined) return known
  const file = openSync(`${undeclared(db).path}-lock`, 'r+')
  lockFiles.set(db, file)
  return file
}

function undeclared(db: Lmdb): Undeclared {
  return db as unknown as Undeclared
}

function outOfStep(db: Lmdb) {
  return failure(
    'store_unavailable',
    undeclared(db).path,
    'the lock file of the embedded store does not know the last commit, and cannot be set right',
    'restart every process that uses this store',
  )
}
