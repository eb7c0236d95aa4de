import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { readSampleActions } from './actions.ts'
import { generateShop } from './generate.ts'
import { customersCsv, responsesCsv, transactionsCsv } from './tables.ts'

const pack = promisify(gzip)

/** Writes customers.csv, transactions.csv.gz and responses.csv.gz into `folder`, which is created if need be. */
export async function writeSampleShop(folder: string): Promise<void> {
  const shop = generateShop(await readSampleActions())
  await mkdir(folder, { recursive: true })
  await Promise.all([
    writeFile(join(folder, 'customers.csv'), customersCsv(shop)),
    pack(transactionsCsv(shop)).then((bytes) => writeFile(join(folder, 'transactions.csv.gz'), bytes)),
    pack(responsesCsv(shop)).then((bytes) => writeFile(join(folder, 'responses.csv.gz'), bytes)),
  ])
}
