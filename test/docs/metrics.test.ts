import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { METRICS } from '../../src/observe/metrics.ts'

const doc = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')

describe('docs/metrics.md', () => {
  it('tells every metric with its type, labels and help, and no other', () => {
    const rows = doc.split('\n').filter((line) => line.startsWith('| `'))
    const told = rows.map((line) => line.split('|').map((cell) => cell.replaceAll('`', '').trim()))
    expect(told.map(([, ...cells]) => cells.slice(0, 4))).toEqual(
      Object.entries(METRICS).map(([name, { type, labels, help }]) => [name, type, labels.join(', '), help]),
    )
  })

  it('names no metric of Emma’s that there is not', () => {
    const named = [...doc.matchAll(/\bemma_\w+/g)].map(([name]) => name)
    expect(named.filter((name) => !Object.hasOwn(METRICS, name))).toEqual([])
  })
})
