import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client'

/** The type is declared a number, and is a word. */
type Counted = Omit<MetricObjectWithValues<MetricValue<string>>, 'type'> & { readonly type: string }

/**
 * What a registry tells, as a text for another process.
 * JSON knows neither NaN nor infinity, and both are told: as their names, which Number reads.
 */
export async function writeCounts(registry: Registry): Promise<string> {
  return JSON.stringify(await registry.getMetricsAsJSON(), (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  )
}

function readCounts(counts: string): Counted[] {
  const metrics = JSON.parse(counts) as Counted[]
  for (const { values } of metrics) for (const each of values) each.value = Number(each.value)
  return metrics
}

/**
 * All of them in one, as Prometheus reads it: counters and histograms added up, gauges as each says.
 * @param counts - by {@link Metrics.counts}; of what is told once, the first is taken
 */
export async function sumOfCounts(counts: readonly string[]): Promise<string> {
  return AggregatorRegistry.aggregate(counts.map(readCounts)).metrics()
}

/** All of them in one. */
export async function keepCounts(counts: readonly string[]): Promise<string> {
  return writeCounts(AggregatorRegistry.aggregate(counts.map(readCounts)))
}

/** What outlives its process: all that only adds up, and not what it has of memory or of open files. */
export function lastingCounts(counts: string): string {
  const lasting = readCounts(counts).filter(
    ({ name, type, aggregator }) => aggregator === 'sum' && (type !== 'gauge' || name.startsWith('emma_')),
  )
  return JSON.stringify(lasting)
}
