import { describe, expect, it } from 'vitest'
import { type Metrics, makeMetrics } from '../../src/observe/metrics.ts'
import { keepCounts, lastingCounts, sumOfCounts } from '../../src/observe/summed-metrics.ts'
import type { StoreSizes } from '../../src/ports/store-health.ts'

const sizes: StoreSizes = { usedBytes: 4096, limitBytes: null, keys: 7 }
const make = (ofProcess = false) => makeMetrics({ ofProcess, sizes: async () => sizes })

function answered(metrics: Metrics, times: number, seconds = 0.004): void {
  for (let i = 0; i < times; i++) metrics.onAnswered({ route: '/livez', method: 'GET', status: 200, seconds })
}

/** The values of one process. */
const valuesIn = (text: string, name: string) =>
  text.split('\n').flatMap((line) => new RegExp(`^${name}(?:\\{.*\\})? (.*)$`).exec(line)?.[1] ?? [])

describe('the sum of what processes have counted', () => {
  it('of one is what it tells itself, to the byte', async () => {
    const one = make()
    answered(one, 3)
    one.onCommit('granted')
    expect(await sumOfCounts([await one.counts({ ofStore: true })])).toBe(await one.text())
  })

  it('adds counters and histograms up, by their labels', async () => {
    const [one, other] = [make(), make()]
    answered(one, 3, 0.004)
    answered(other, 2, 0.04)
    other.onAnswered({ route: '/readyz', method: 'GET', status: 503, seconds: 7 })
    const text = await sumOfCounts([
      await one.counts({ ofStore: true }),
      await other.counts({ ofStore: false }),
    ])
    expect(text).toContain('emma_http_requests_total{route="/livez",method="GET",status="200"} 5\n')
    expect(text).toContain('emma_http_requests_total{route="/readyz",method="GET",status="503"} 1\n')
    expect(text).toContain('emma_http_request_duration_seconds_bucket{le="0.005",route="/livez"} 3\n')
    expect(text).toContain('emma_http_request_duration_seconds_bucket{le="+Inf",route="/livez"} 5\n')
    expect(text).toContain('emma_http_request_duration_seconds_count{route="/livez"} 5\n')
  })

  it('tells the store once, as the first knows it, and NaN where nobody does', async () => {
    const [one, other, third] = [make(), make(), make()]
    const counts = [await one.counts({ ofStore: true }), await other.counts({ ofStore: true })]
    const text = await sumOfCounts([...counts, await third.counts({ ofStore: false })])
    expect(valuesIn(text, 'emma_store_used_bytes')).toEqual(['4096'])
    expect(valuesIn(text, 'emma_store_keys')).toEqual(['7'])
    expect(valuesIn(text, 'emma_store_limit_bytes')).toEqual(['Nan'])
  })

  it('tells of the processes what prom-client makes of several', async () => {
    const counts = await Promise.all([1, 2].map(() => make(true).counts({ ofStore: true })))
    const [alone, both] = [await sumOfCounts(counts.slice(0, 1)), await sumOfCounts(counts)]
    const memory = (text: string) => Number(valuesIn(text, 'process_resident_memory_bytes')[0])
    expect(memory(both) / memory(alone)).toBeGreaterThan(1.9)
    expect(valuesIn(both, 'nodejs_version_info')).toEqual(['1'])
    expect(both).not.toMatch(/null|undefined|\[object/)
  })
})

describe('what a process leaves behind', () => {
  it('is all that adds up, and nothing of what it had', async () => {
    const [one, other] = [make(true), make(true)]
    answered(one, 3)
    answered(other, 2)
    const left = lastingCounts(await one.counts({ ofStore: true }))
    const text = await sumOfCounts([await other.counts({ ofStore: true }), left, left])
    expect(valuesIn(text, 'emma_http_requests_total')).toEqual(['8'])
    expect(valuesIn(text, 'emma_store_keys')).toEqual(['7'])
    const alone = await sumOfCounts([left])
    expect(alone).toContain('# TYPE emma_push_margin_sum gauge')
    expect(alone).toContain('# TYPE process_cpu_seconds_total counter')
    expect(alone).not.toMatch(/memory|heap_size|eventloop|emma_store/)
  })

  it('can be kept in one', async () => {
    const [one, other] = [make(), make()]
    answered(one, 3)
    answered(other, 2, 0.3)
    const left = [
      lastingCounts(await one.counts({ ofStore: true })),
      lastingCounts(await other.counts({ ofStore: true })),
    ]
    expect(await sumOfCounts([await keepCounts(left)])).toBe(await sumOfCounts(left))
  })
})
