import { describe, expect, it } from 'vitest'
import { makePauses } from '../../../src/cli/workers/pauses.ts'

describe('the pause before a worker is started again', () => {
  it('grows to half a minute while it soon dies again', () => {
    const pauseAfter = makePauses()
    const pauses = Array.from({ length: 9 }, () => pauseAfter(59_999))
    expect(pauses).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  it('is none for one that has lived for a minute, and grows again from there', () => {
    const pauseAfter = makePauses()
    for (let deaths = 0; deaths < 5; deaths++) pauseAfter(10)
    expect([pauseAfter(60_000), pauseAfter(10), pauseAfter(10)]).toEqual([0, 1_000, 2_000])
  })
})
