import type { DuckDBConnection } from '@duckdb/node-api'
import { EmmaError } from '../domain/errors.ts'
import type { FeatureSpec, Storage } from '../domain/feature-set.ts'
import type { DimensionValues } from './dimension-values.ts'
import { rowsOf } from './duck.ts'
import type { Mapping } from './mapping.ts'

/** One feature and the SQL that gives it; NULL means its default. */
export interface FeatureColumn {
  readonly spec: FeatureSpec
  readonly sql: string
}

/** “Never”, in days: beyond any history. Kept as f16 it reads as 10,000. */
const NEVER = 9999
const NO_GAP = 365

/** What stands for an unknown customer where 0 would be an extreme: what the middle customer does. */
const MIDDLE = [
  'avg_order_value',
  'avg_lines_per_order',
  'avg_unit_price',
  'median_unit_price',
  'max_unit_price',
  'cheap_share',
  'premium_share',
  'weekend_share',
] as const

/**
 * All features in the order of the vector, over the tables that the SQL files wrote.
 * @throws EmmaError `mapping_invalid` when two features have the same name.
 */
export async function featureColumns(
  duck: DuckDBConnection,
  mapping: Mapping,
  dimensions: readonly DimensionValues[],
): Promise<FeatureColumn[]> {
  const [middle] = await rowsOf<Record<(typeof MIDDLE)[number], number | null>>(
    duck,
    `SELECT ${MIDDLE.map((name) => `quantile_disc(${name}, 0.5) AS ${name}`).join(', ')}
     FROM basket JOIN recency_frequency_value USING (customer_id) JOIN rhythm USING (customer_id)`,
  )
  const columns = [...customerColumns(mapping), ...historyColumns(mapping, middle!)]
  for (const [i, dimension] of dimensions.entries()) {
    const known = await rowsOf<{ share: number }>(
      duck,
      `SELECT share_of_customers AS share FROM items_${i} ORDER BY position`,
    )
    columns.push(
      ...dimensionColumns(
        i,
        dimension,
        known.map((row) => row.share),
      ),
    )
  }
  const names = columns.map((column) => column.spec.name)
  const twice = new Set(names.filter((name, i) => names.indexOf(name) !== i))
  if (twice.size > 0) {
    throw new EmmaError(
      'mapping_invalid',
      [...twice].map((name) => ({
        place: 'customers.features',
        what: `the feature name ${name} is used twice`,
        remedy: 'rename the feature or the dimension; the names of the starter set are taken',
      })),
    )
  }
  return columns
}

function customerColumns(mapping: Mapping): FeatureColumn[] {
  return (mapping.customers?.features ?? []).map(({ name, storage, unit, default: value, meaning }, i) => ({
    spec: { name, storage, unit, default: value, meaning },
    sql: `customer_features.c${i}`,
  }))
}

function historyColumns(mapping: Mapping, middle: Record<(typeof MIDDLE)[number], number | null>) {
  const money = mapping.currency ?? 'currency units'
  const of = (table: string, name: string, unit: string, fallback: number, meaning: string) =>
    feature(name, 'f32', unit, fallback, meaning, `${table}.${name}`)
  const rfv = of.bind(null, 'recency_frequency_value')
  const basket = of.bind(null, 'basket')
  const rhythm = of.bind(null, 'rhythm')
  const usual = (name: (typeof MIDDLE)[number]) => middle[name] ?? 0
  return [
    rfv('recency_days', 'days', NEVER, 'days since the last order'),
    rfv('tenure_orders_days', 'days', 0, 'days since the first order'),
    rfv('orders', 'orders', 0, 'orders so far'),
    rfv('orders_30d', 'orders', 0, 'orders in the last 30 days'),
    rfv('orders_90d', 'orders', 0, 'orders in the last 90 days'),
    rfv('orders_365d', 'orders', 0, 'orders in the last 365 days'),
    rfv('spend', money, 0, 'value of all purchases, returns not taken off'),
    rfv('spend_90d', money, 0, 'value of the purchases of the last 90 days'),
    rfv('spend_365d', money, 0, 'value of the purchases of the last 365 days'),
    rfv('avg_order_value', money, usual('avg_order_value'), 'mean value of an order'),
    basket('avg_lines_per_order', 'lines', usual('avg_lines_per_order'), 'mean number of lines of an order'),
    basket('avg_unit_price', money, usual('avg_unit_price'), 'mean unit price of the lines bought'),
    basket('median_unit_price', money, usual('median_unit_price'), 'median unit price of the lines bought'),
    basket('max_unit_price', money, usual('max_unit_price'), 'highest unit price paid'),
    basket('cheap_share', 'share', usual('cheap_share'), 'share of lines in the lowest third of all prices'),
    basket(
      'premium_share',
      'share',
      usual('premium_share'),
      'share of lines in the highest third of all prices',
    ),
    basket('distinct_products', 'products', 0, 'different products bought'),
    rhythm('mean_gap_days', 'days', NO_GAP, 'mean days between two order days; 365 after a single one'),
    rhythm(
      'gap_ratio',
      'ratio',
      NEVER / NO_GAP,
      'days since the last order over the mean gap: above 1 a visit is overdue',
    ),
    rhythm('weekend_share', 'share', usual('weekend_share'), 'share of orders made on a Saturday or Sunday'),
    feature(
      'returns_share',
      'f32',
      'share',
      0,
      'lines brought back or cancelled, of all lines bought or brought back',
      `coalesce(returns.lines, 0)
         / nullif(CAST(coalesce(returns.lines, 0) + coalesce(basket.lines, 0) AS DOUBLE), 0)`,
    ),
  ]
}

/** Five features a value; `shares` is how many of all customers bought it, by position. */
function dimensionColumns(
  index: number,
  { name, values, slugs }: DimensionValues,
  shares: readonly number[],
): FeatureColumn[] {
  const family = (
    what: string,
    storage: Storage,
    unit: string,
    fallback: (position: number) => number,
    meaning: (value: string) => string,
  ) =>
    values.map((value, i) =>
      feature(
        `${name}_${what}_${slugs[i]}`,
        storage,
        unit,
        fallback(i),
        meaning(`${name} ${value}`),
        `by_value_${index}.known[${i + 1}].${what}`,
      ),
    )
  return [
    ...family(
      'lines',
      'u8',
      'lines',
      () => 0,
      (of) => `lines bought of ${of}, up to 255`,
    ),
    ...family(
      'share',
      'f16',
      'share',
      () => 0,
      (of) => `share of the lines bought that are ${of}`,
    ),
    ...family(
      'days',
      'f16',
      'days',
      () => NEVER,
      (of) => `days since ${of} was last bought; about 10,000 is never`,
    ),
    ...family(
      'orders90',
      'u8',
      'orders',
      () => 0,
      (of) => `orders with ${of} in the last 90 days, up to 255`,
    ),
    ...family(
      'peers',
      'f16',
      'share',
      (i) => shares[i] ?? 0,
      (of) => `of the others who bought what this customer bought, the share who bought ${of}`,
    ),
  ]
}

/** Defaults are rounded to single precision, as they will be stored. */
function feature(
  name: string,
  storage: Storage,
  unit: string,
  fallback: number,
  meaning: string,
  sql: string,
): FeatureColumn {
  return { spec: { name, storage, unit, default: Math.fround(fallback), meaning }, sql }
}
