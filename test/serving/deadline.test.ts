import { expect, it, vi } from 'vitest'
import { startDeadline } from '../../src/serving/deadline.ts'

it('holds for what is asked after a timer that rang a little early', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const deadline = startDeadline(60_000)
    vi.advanceTimersByTime(60_000)
    await new Promise((resolve) => setImmediate(resolve))
    await expect(deadline.within(new Promise(() => {}))).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(deadline.isOver()).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})
