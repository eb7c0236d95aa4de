import { createHmac, randomBytes } from 'node:crypto'
import { mkdir, open as openFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { open } from 'lmdb'
import { EmmaError, failure } from '../../domain/errors.ts'
import { META } from '../keys.ts'
import { type Transacted, transact } from './transactions.ts'

/** LMDB with string keys and byte values, shared by every process that opens the same folder. */
export type Environment = Transacted

const FORMAT = 2
const FILE = 'store.mdb'
/** MDB_MAGIC, little-endian, in the first page of every LMDB file. */
const MAGIC = Buffer.from([0xde, 0xc0, 0xef, 0xbe])

export interface OpenedEnvironment {
  readonly db: Environment
  readonly secret: Uint8Array
}

/**
 * Opens (or makes) the store in `folder`. Without a secret in the settings the store keeps one of its own.
 * @throws EmmaError `store_unavailable` for a folder that cannot be used or a store of a newer Emma,
 *   `settings_invalid` for a SECRET other than the one that keyed the store.
 */
export async function openEnvironment(
  folder: string,
  secret: string | undefined,
): Promise<OpenedEnvironment> {
  let db: Environment
  try {
    await makeFolder(folder)
    await refuseForeignFile(join(folder, FILE))
    db = open<Uint8Array, string>({
      path: join(folder, FILE),
      encoding: 'binary',
      maxReaders: 512,
      // With overlapping syncs, lmdb's default, a write would be acknowledged before it is on the disk.
      overlappingSync: false,
    })
  } catch (error) {
    if (error instanceof EmmaError) throw error
    throw failure(
      'store_unavailable',
      folder,
      `the embedded store cannot be opened (${(error as Error).message})`,
      'check that the folder is writable and on a local disk',
      error,
    )
  }
  try {
    return { db, secret: await settle(db, folder, secret) }
  } catch (error) {
    await db.close()
    throw error instanceof EmmaError
      ? error
      : failure(
          'store_unavailable',
          folder,
          `the embedded store cannot be written (${(error as Error).message})`,
          'check disk space and permissions',
          error,
        )
  }
}

/** Node’s own recursive mkdir never ends where a file system makes no folders, as below /proc. */
async function makeFolder(folder: string): Promise<void> {
  const make = () => mkdir(folder, { mode: 0o700 })
  try {
    await make().catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || dirname(folder) === folder) throw error
      await makeFolder(dirname(folder))
      await make()
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** LMDB maps whatever file it is given, and a foreign one ends the whole process: look before it does. */
async function refuseForeignFile(path: string): Promise<void> {
  const head = Buffer.alloc(64)
  let length = 0
  try {
    const file = await openFile(path, 'r')
    try {
      length = (await file.read(head, 0, head.length, 0)).bytesRead
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (length === 0 || head.includes(MAGIC)) return
  throw failure(
    'store_unavailable',
    path,
    'this file is not an embedded store',
    'move it away, or name another folder in STORE_URL',
  )
}

/** Format and secret are agreed once, in one transaction, however many processes start together. */
async function settle(db: Environment, folder: string, given: string | undefined): Promise<Uint8Array> {
  return transact(db, () => {
    const format = db.get(META.format)
    if (format === undefined) void db.put(META.format, Uint8Array.of(FORMAT))
    else if (format[0] !== FORMAT) {
      throw failure(
        'store_unavailable',
        folder,
        `the store has format ${format[0]}, this version knows ${FORMAT}`,
        'use the Emma that wrote it, or another folder',
      )
    }
    let secret = given === undefined ? db.get(META.secret) : Buffer.from(given)
    if (secret === undefined) {
      if (db.get(META.secretCheck) !== undefined) {
        throw failure(
          'settings_invalid',
          'SECRET',
          `the store in ${folder} was made with a SECRET, and none is set`,
          'set the SECRET it was made with',
        )
      }
      secret = randomBytes(32)
      void db.put(META.secret, secret)
    }
    const check = createHmac('sha256', secret).update('check').digest()
    const known = db.get(META.secretCheck)
    if (known === undefined) void db.put(META.secretCheck, check)
    else if (!check.equals(known)) {
      throw failure(
        'settings_invalid',
        'SECRET',
        `this is not the secret that the store in ${folder} was made with`,
        'set the SECRET it was made with, or use another folder',
      )
    }
    return Uint8Array.from(secret)
  })
}
