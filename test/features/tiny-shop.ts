import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { rowsOf, withDuck } from '../../src/features/duck.ts'
import { type Mapping, mappingSchema } from '../../src/features/mapping.ts'

/** A shop small enough to compute by hand, as of 2026-03-01. */
export const AS_OF = '2026-03-01'

export const TRANSACTIONS = `customer,order,at,product,category,description,quantity,price
a,o1,2025-12-01T10:00:00,P1,shoes,Boot,1,10.00
a,o1,2025-12-01T10:00:00,P2,home,Mug,2,5.00
a,o2,2026-02-07T12:00:00,P1,shoes,Winter boot,1,12.00
a,o3,2026-02-10T12:00:00,P1,shoes,Boot,-1,12.00
b,o4,2026-02-20T09:00:00,P1,shoes,Boot,1,10.00
b,o4,2026-02-20T09:00:00,P3,home,Lamp,1,30.00
c,o5,2026-03-01T00:00:00,P2,home,Mug,1,5.00
,o6,2026-02-21T09:00:00,P2,home,Mug,1,5.00
`

export const CUSTOMERS = `id,member_since,late_parcel_days
a,2025-11-01,3
d,2026-02-27,
`

export const COLUMNS = {
  customer: 'customer',
  order: 'order',
  at: 'at',
  product: 'product',
  category: 'category',
  description: 'description',
  quantity: 'quantity',
  unitPrice: 'price',
}

const CUSTOMER_FILES = {
  files: ['customers.csv'],
  key: 'id',
  features: [
    {
      name: 'late_parcel_days',
      column: 'late_parcel_days',
      storage: 'u8',
      unit: 'days',
      default: 0,
      meaning: 'days late',
    },
    {
      name: 'tenure_days',
      sql: "date_diff('day', member_since, $as_of)",
      storage: 'f32',
      unit: 'days',
      default: 0,
      meaning: 'days since joining',
    },
  ],
}

/** A checked mapping of the tiny shop; `change` replaces parts of it. */
export function tinyMapping(change: Record<string, unknown> = {}): Mapping {
  return mappingSchema.parse({
    schema: 'emma/mapping-v1',
    name: 'tiny',
    currency: 'EUR',
    transactions: { files: ['transactions.csv'], columns: COLUMNS },
    customers: CUSTOMER_FILES,
    dimensions: [
      { name: 'product', column: 'product', top: 3, orderedBy: 'orders' },
      { name: 'category', column: 'category', values: 'all' },
    ],
    ...change,
  })
}

/** Folders that go when the test file is done. */
const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

export async function freshFolder(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'emma-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

export function tinyData() {
  return freshFolder({ 'transactions.csv': TRANSACTIONS, 'customers.csv': CUSTOMERS })
}

/** The rows of a feature folder by customer. */
export async function featureRows(folder: string): Promise<Map<string, Record<string, number>>> {
  const rows = await withDuck((duck) =>
    rowsOf<Record<string, number> & { customer_id: string }>(
      duck,
      `SELECT * FROM read_parquet('${join(folder, 'features.parquet')}')`,
    ),
  )
  return new Map(
    rows.map(({ customer_id, ...row }) => [customer_id as string, row as Record<string, number>]),
  )
}
