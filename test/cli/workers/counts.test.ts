import { describe, expect, it } from 'vitest'
import { makeCounts } from '../../../src/cli/workers/counts.ts'
import { makeMetrics } from '../../../src/observe/metrics.ts'
import { sumOfCounts } from '../../../src/observe/summed-metrics.ts'

/** Workers that tell what they have counted, or do not. */
function openCrew() {
  const counts = makeCounts()
  const asks: number[] = []
  let ids = 0
  return {
    counts,
    asks,
    start() {
      const id = ++ids
      const metrics = makeMetrics({ ofProcess: true })
      const worker = {
        id,
        hangs: false,
        answer(times: number) {
          for (let i = 0; i < times; i++)
            metrics.onAnswered({ route: '/livez', method: 'GET', status: 200, seconds: 0.01 })
        },
        tell: async () => counts.onTold(id, await metrics.counts({ ofStore: false })),
        /** What it tells whoever asks it for the sum. */
        async sum() {
          const own = await metrics.counts({ ofStore: true })
          counts.onTold(id, own)
          const text = await sumOfCounts([own, ...(await counts.ofOthers(id))])
          return Number(/^emma_http_requests_total\{.*\} (\d+)$/m.exec(text)![1])
        },
      }
      counts.onReady(id, () => {
        asks.push(id)
        if (!worker.hangs) void worker.tell()
      })
      return worker
    },
  }
}

describe('the counts of all workers', () => {
  it('are the same whoever is asked, at the same moment too', async () => {
    const { start } = openCrew()
    const crew = [start(), start(), start()]
    crew.forEach((worker, i) => {
      worker.answer(10 ** i)
    })
    expect(await Promise.all(crew.map((worker) => worker.sum()))).toEqual([111, 111, 111])
  })

  it('do not fall when workers die, one after the other, and others take their place', async () => {
    const { start, counts } = openCrew()
    const asked = start()
    asked.answer(1)
    for (let deaths = 1; deaths <= 5; deaths++) {
      const worker = start()
      worker.answer(10)
      expect(await asked.sum()).toBe(1 + deaths * 10)
      counts.onGone(worker.id)
      expect(await asked.sum()).toBe(1 + deaths * 10)
    }
  })

  it('take of one that hangs what it told last, ask it once, and know more when it answers again', async () => {
    const { start, asks } = openCrew()
    const [asked, hanging] = [start(), start()]
    asked.answer(1)
    hanging.answer(10)
    expect(await asked.sum()).toBe(11)
    hanging.hangs = true
    hanging.answer(10)
    const before = asks.length
    expect(await Promise.all([asked.sum(), asked.sum()])).toEqual([11, 11])
    expect(await asked.sum()).toBe(11)
    expect(asks.length - before).toBe(1)
    hanging.hangs = false
    await hanging.tell()
    expect(await asked.sum()).toBe(21)
  })

  it('do not wait for one that dies when it is asked', async () => {
    const { start, counts } = openCrew()
    const [asked, dying] = [start(), start()]
    asked.answer(1)
    dying.answer(10)
    expect(await asked.sum()).toBe(11)
    dying.hangs = true
    const sum = asked.sum()
    const started = performance.now()
    setTimeout(() => counts.onGone(dying.id), 50)
    expect(await sum).toBe(11)
    expect(performance.now() - started).toBeLessThan(900)
  })
})
