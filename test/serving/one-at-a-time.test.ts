import { describe, expect, it } from 'vitest'
import { oneAtATime } from '../../src/serving/one-at-a-time.ts'

/** Work that ends when it is told, and says how it went. */
function makeWork() {
  const log: string[] = []
  const ends: (() => void)[] = []
  const work = async () => {
    const number = ends.length + 1
    log.push(`${number} begins`)
    await new Promise<void>((resolve) => ends.push(resolve))
    log.push(`${number} ends`)
  }
  return { log, end: () => ends.at(-1)!(), work }
}

describe('work one at a time', () => {
  it('begins at once when nothing runs, and gives all who come meanwhile one run after it', async () => {
    const { log, end, work } = makeWork()
    const runner = oneAtATime(work)
    const first = runner.run()
    const [second, third] = [runner.run(), runner.run()]
    expect([log, runner.isRunning()]).toEqual([['1 begins'], true])
    end()
    await first
    await Promise.resolve()
    expect(log).toEqual(['1 begins', '1 ends', '2 begins'])
    end()
    await Promise.all([second, third])
    expect(log).toEqual(['1 begins', '1 ends', '2 begins', '2 ends'])
    expect(runner.isRunning()).toBe(false)
  })

  it('never runs twice at once, whenever it is asked', async () => {
    let running = 0
    let most = 0
    const runner = oneAtATime(async () => {
      most = Math.max(most, ++running)
      await Promise.resolve()
      running--
    })
    const asking = Array.from({ length: 50 }, async (_, i) => {
      for (let wait = 0; wait < i; wait++) await Promise.resolve()
      await runner.run()
    })
    await Promise.all(asking)
    expect([most, running]).toEqual([1, 0])
  })

  it('is idle only when nobody waits any more', async () => {
    const { log, end, work } = makeWork()
    const runner = oneAtATime(work)
    await runner.idle()
    void runner.run()
    void runner.run()
    let idle = false
    const waiting = runner.idle().then(() => {
      idle = true
    })
    end()
    await new Promise(setImmediate)
    expect([log.at(-1), idle]).toEqual(['2 begins', false])
    end()
    await waiting
    expect(log.at(-1)).toBe('2 ends')
  })
})
