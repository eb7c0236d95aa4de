import type { DuckDBConnection } from '@duckdb/node-api'
import { identifier, literal, rowsOf } from '../features/duck.ts'

const DAY_MS = 86_400_000
/** A shop may be closed at the end of the data; more days without any sale than this mean that data are missing. */
const CLOSED_DAYS = 2

/** Who counts at one day, and what they bought in the window from it on. */
export interface PurchaseLabels {
  /** Customers with a purchase before the day. */
  readonly buyers: ReadonlySet<string>
  /** By customer the values of the dimension bought in [day, day + window). */
  readonly bought: ReadonlyMap<string, ReadonlySet<string>>
}

/** True when the transactions reach to the end of the window, so that “not bought” is a fact. */
export async function windowIsCovered(
  duck: DuckDBConnection,
  asOf: string,
  windowDays: number,
): Promise<boolean> {
  const [last] = await rowsOf<{ day: string }>(
    duck,
    'SELECT CAST(CAST(max(bought_at) AS DATE) AS VARCHAR) AS day FROM transactions',
  )
  return Date.parse(last!.day) + (1 + CLOSED_DAYS) * DAY_MS >= Date.parse(asOf) + windowDays * DAY_MS
}

/** Reads labels from table `transactions`. */
export async function purchaseLabels(
  duck: DuckDBConnection,
  asOf: string,
  windowDays: number,
  column: 'product' | 'category',
): Promise<PurchaseLabels> {
  const day = `DATE ${literal(asOf)}`
  const buyers = await rowsOf<{ id: string }>(
    duck,
    `SELECT DISTINCT customer_id AS id FROM transactions WHERE quantity > 0 AND bought_at < ${day}`,
  )
  const rows = await rowsOf<{ id: string; value: string }>(
    duck,
    `SELECT DISTINCT customer_id AS id, ${identifier(column)} AS value FROM transactions
     WHERE quantity > 0 AND bought_at >= ${day} AND bought_at < ${day} + INTERVAL ${windowDays} DAY
       AND ${identifier(column)} IS NOT NULL`,
  )
  const bought = new Map<string, Set<string>>()
  for (const { id, value } of rows) {
    const values = bought.get(id) ?? new Set()
    bought.set(id, values.add(value))
  }
  return { buyers: new Set(buyers.map((row) => row.id)), bought }
}
