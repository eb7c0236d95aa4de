import { expect, it } from 'vitest'
import { fortyDecisions } from './forty-decisions.ts'

/**
 * Node 20, 22 and 24 came to this. It changes when choosing changes, or what is told of it; it must not change with the
 * release of Node, or the processor: decisions are replayed to the byte.
 */
const HASH = '3530231e660ec2e121b1e8560686df6b806d80503a0afb91a987b59f520d0472'

it('forty decisions come out to the last bit as they did', async () => {
  const { json, hash } = await fortyDecisions()
  // Every way of choosing is in there.
  for (const word of ['drawn_by_chance', 'held_out', '"holdout"', '"random"', '"challenger"', '"levers":[{'])
    expect(json).toContain(word)
  expect(hash).toBe(HASH)
})

it('forty decisions come out alike each time', async () => {
  expect((await fortyDecisions()).json).toBe((await fortyDecisions()).json)
})
