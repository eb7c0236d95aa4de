import { describe, expect, it } from 'vitest'
import { type CpuProfile, flameGraph } from '../../bench/measuring/flame-graph.ts'

const node = (id: number, functionName: string, url: string, children: readonly number[] = []) => ({
  ...{ id, children },
  callFrame: { functionName, url, lineNumber: 1 },
})

/** 30 µs in `judge` called from `runCore`, 10 µs in `runCore` itself, 40 µs idle, 20 µs of garbage. */
const PROFILE: CpuProfile = {
  nodes: [
    node(1, '(root)', '', [2, 4, 5]),
    node(2, 'runCore', 'file:///emma/src/decide/run.ts', [3]),
    node(3, 'judge', 'file:///emma/src/decide/judge/judge.ts'),
    node(4, '(idle)', ''),
    node(5, '(garbage collector)', ''),
  ],
  samples: [3, 2, 4, 3, 5],
  timeDeltas: [10, 10, 40, 20, 20],
  startTime: 0,
}

const sharesOf = (svg: string) =>
  Object.fromEntries(
    [...svg.matchAll(/<title>(.+), ([\d.]+) %<\/title>/g)].map(([, name, share]) => [name, Number(share)]),
  )

describe('a flame graph', () => {
  it('is as wide for each function as the time of all that it called, idle time left out', () => {
    expect(sharesOf(flameGraph('All', PROFILE, 0, 1000))).toEqual({
      ...{ all: 100, runCore: 66.7, judge: 50, '(garbage collector)': 33.3 },
    })
  })

  it('counts the samples of a while alone', () => {
    expect(sharesOf(flameGraph('Some', PROFILE, 15, 85))).toEqual({ all: 100, runCore: 100, judge: 66.7 })
  })

  it('puts who was called below and inside of who called', () => {
    const svg = flameGraph('All', PROFILE, 0, 1000)
    const box = (name: string) => {
      const [, x, y, width] = new RegExp(
        `<title>${name},[^<]+</title><rect x="([\\d.]+)" y="(\\d+)" width="([\\d.]+)"`,
      ).exec(svg)!
      return { from: Number(x), to: Number(x) + Number(width), y: Number(y) }
    }
    const [outer, inner] = [box('runCore'), box('judge')]
    expect(inner.y).toBeGreaterThan(outer.y)
    expect(inner.from).toBeGreaterThanOrEqual(outer.from)
    expect(inner.to).toBeLessThanOrEqual(outer.to)
  })

  it('writes names as text', () => {
    const profile = {
      ...PROFILE,
      nodes: [...PROFILE.nodes.slice(0, 1), node(2, '<b>&', ''), ...PROFILE.nodes.slice(2)],
    }
    expect(flameGraph('a < b', profile, 0, 1000)).toContain('&lt;b>&amp;')
  })
})
