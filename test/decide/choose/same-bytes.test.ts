import { expect, it } from 'vitest'
import { fortyDecisions } from './forty-decisions.ts'

/**
 * Node 20, 22 and 24 came to this. It changes when choosing changes, or what is told of it; it must not change with the
 * release of Node, or the processor: decisions are replayed to the byte.
 */
const HASH = '8dc304247d5d7b67a84bb4a3bcf174c15f2f4ec640d2632ec3ce361c34d56ab3'

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
