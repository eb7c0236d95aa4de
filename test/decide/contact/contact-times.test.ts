import { describe, expect, it } from 'vitest'
import { suppressedUntil, uncappedFrom } from '../../../src/decide/judge/contact-times.ts'
import { type Happened, mostInWindow } from '../../../src/domain/window.ts'

const exactly = (...times: number[]): Happened[] => times.map((time) => ({ first: time, last: time }))

describe('a cap', () => {
  it('never counts two contacts together that are a whole window apart', () => {
    expect(mostInWindow(exactly(0, 10), 5, 10)).toBe(2)
    expect(mostInWindow(exactly(0, 9), 5, 10)).toBe(3)
  })

  it('opens when the first of what it counts leaves its window, however that is ordered', () => {
    const contacts = [...exactly(95), { first: 50, last: 59 }]
    expect(uncappedFrom(contacts, 100, { max: 2, windowMs: 60 })).toBe(119)
  })

  it('of none never opens', () => {
    expect(uncappedFrom([], 100, { max: 0, windowMs: 60 })).toBeNull()
  })
})

describe('a silence', () => {
  const silence = { times: 1, withinMs: Number.POSITIVE_INFINITY, suppressForMs: 30 }
  const until = (outcomes: readonly Happened[], lifts: readonly Happened[], at: number, more: object = {}) =>
    suppressedUntil({ outcomes, lifts }, at, { ...silence, ...more })

  it('is only for what came often enough in less than its time', () => {
    expect(until(exactly(0, 10), [], 15, { times: 2, withinMs: 10 })).toBeNull()
    expect(until(exactly(0, 10), [], 15, { times: 2, withinMs: 11 })).toBe(40)
  })

  it('lasts until the last of several ends', () => {
    expect(until(exactly(0, 20), [], 25)).toBe(50)
  })

  it('is lifted from the first of its outcomes on, and by nothing that has not come yet', () => {
    expect(until(exactly(5), exactly(4), 9)).toBe(35)
    expect(until(exactly(5), exactly(5), 9)).toBeNull()
    expect(until(exactly(5), exactly(9), 9)).toBeNull()
    expect(until(exactly(5), exactly(10), 9)).toBe(35)
  })

  it('after an outcome known by the day begins at the latest when it is asked of', () => {
    expect(until([{ first: 0, last: 99 }], [], 50)).toBe(80)
    expect(until([{ first: 0, last: 99 }], [], 100)).toBe(129)
    expect(until([{ first: 0, last: 99 }], [], 129)).toBeNull()
  })
})
