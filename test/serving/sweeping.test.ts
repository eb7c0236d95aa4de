import { expect, it, vi } from 'vitest'
import { startSweeping } from '../../src/serving/sweeping.ts'

it('goes on at once while there is more, and not for ever', async () => {
  vi.useFakeTimers()
  try {
    let left = 5000
    let sweeps = 0
    const sweep = async () => {
      sweeps++
      const expired = Math.min(256, left)
      left -= expired
      return { expired }
    }
    const sweeping = startSweeping(
      { sweep },
      () => 0,
      () => expect.unreachable(),
    )
    await vi.advanceTimersByTimeAsync(300)
    expect(left).toBe(0)
    left = Number.POSITIVE_INFINITY
    sweeps = 0
    await vi.advanceTimersByTimeAsync(250)
    expect(sweeps).toBeGreaterThan(1)
    expect(sweeps).toBeLessThan(100)
    await sweeping.close()
  } finally {
    vi.useRealTimers()
  }
})
