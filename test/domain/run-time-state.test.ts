import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/domain/canonical-json.ts'
import {
  applyChange,
  applyChanges,
  EMPTY_RUN_TIME_STATE,
  entriesOf,
  epochEnds,
  epochMayEnd,
  epochOf,
  type RunTimeChange,
  type RunTimeState,
  stateFromJson,
  stateToJson,
  switchKey,
} from '../../src/domain/run-time-state.ts'

const ids = fc.constantFrom('boots', 'shoes', '__proto__', 'ä🙂', ' ')
const anyChange: fc.Arbitrary<RunTimeChange> = fc.oneof(
  fc.record({
    at: fc.nat(),
    action: ids,
    live: fc.option(
      fc.record(
        { stock: fc.nat(), price: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }) },
        { requiredKeys: [] },
      ),
    ),
  }),
  fc.record({
    at: fc.nat(),
    switch: fc.oneof(
      fc.constant({ kind: 'everything' as const, id: '' }),
      fc.record({ kind: fc.constantFrom('channel' as const, 'group' as const, 'action' as const), id: ids }),
    ),
    off: fc.boolean(),
  }),
)
const anyChanges = fc.array(anyChange, { maxLength: 40 })
const folded = (changes: readonly RunTimeChange[]) => changes.reduce(applyChange, EMPTY_RUN_TIME_STATE)
const throughText = (state: RunTimeState) => stateFromJson(JSON.parse(canonicalJson(stateToJson(state))))

const state = (live: [string, object][], off: [string, number][]): RunTimeState => ({
  live: new Map(live),
  off: new Map(off),
})
const group = { kind: 'group', id: 'shoes' } as const

describe('a change of the run-time state', () => {
  it.each<[string, RunTimeState, RunTimeChange, RunTimeState]>([
    [
      'replaces all that is told of the action',
      state([['a', { stock: 1, price: 2 }]], []),
      { at: 5, action: 'a', live: { stock: 3 } },
      state([['a', { stock: 3 }]], []),
    ],
    [
      'forgets the action when it tells null',
      state(
        [
          ['a', { stock: 1 }],
          ['b', {}],
        ],
        [],
      ),
      { at: 5, action: 'a', live: null },
      state([['b', {}]], []),
    ],
    [
      'switches off from its moment on',
      state([], []),
      { at: 5, switch: group, off: true },
      state([], [['group:shoes', 5]]),
    ],
    [
      'does not forget since when something is off',
      state([], [['group:shoes', 1]]),
      { at: 5, switch: group, off: true },
      state([], [['group:shoes', 1]]),
    ],
    [
      'switches on by removing the switch',
      state([], [['group:shoes', 1]]),
      { at: 5, switch: group, off: false },
      state([], []),
    ],
  ])('%s', (_, before, change, after) => {
    const text = canonicalJson(stateToJson(before))
    expect(applyChange(before, change)).toEqual(after)
    expect(canonicalJson(stateToJson(before)), 'the state before is left alone').toBe(text)
  })

  it('has the same end one by one and from any state on the way that was written and read', () => {
    fc.assert(
      fc.property(anyChanges, fc.nat(40), (changes, cut) => {
        const epoch = throughText(folded(changes.slice(0, cut)))
        expect(applyChanges(epoch, changes.slice(cut))).toEqual(folded(changes))
      }),
    )
  })
})

describe('the JSON of the run-time state', () => {
  it('is read as the state it was written from', () => {
    fc.assert(
      fc.property(anyChanges, (changes) => {
        expect(throughText(folded(changes))).toEqual(folded(changes))
      }),
    )
  })

  it('is the same for equal states, in whatever order they came to be', () => {
    const changes: RunTimeChange[] = ['b', 'a', 'c'].map((action) => ({ at: 1, action, live: { stock: 1 } }))
    const json = stateToJson(folded(changes))
    expect(json).toEqual({
      live: [
        ['a', { stock: 1 }],
        ['b', { stock: 1 }],
        ['c', { stock: 1 }],
      ],
      off: [],
    })
    expect(stateToJson(folded(changes.reverse()))).toEqual(json)
  })

  it.each([
    ['no object', 7],
    ['a list missing', { live: [] }],
    ['a stock that is no whole number', { live: [['a', { stock: 0.5 }]], off: [] }],
    ['a price below 0', { live: [['a', { price: -1 }]], off: [] }],
    ['an unknown key', { live: [['a', { colour: 1 }]], off: [] }],
    ['a moment that is a text', { live: [], off: [['everything', 'now']] }],
  ])('is refused with %s', (_, json) => {
    expect(() => stateFromJson(json)).toThrow()
  })
})

describe('names', () => {
  it('has a name for each switch', () => {
    expect(switchKey({ kind: 'everything', id: '' })).toBe('everything')
    expect(switchKey({ kind: 'channel', id: 'everything' })).toBe('channel:everything')
    expect(switchKey({ kind: 'action', id: 'a:b' })).toBe('action:a:b')
  })

  it('names an epoch by its state and its moment', () => {
    const one = state([['a', { stock: 1 }]], [])
    expect(epochOf(one, 1)).toMatch(/^[0-9a-f]{16}$/)
    expect(epochOf(state([['a', { stock: 1 }]], []), 1)).toBe(epochOf(one, 1))
    expect(epochOf(one, 2)).not.toBe(epochOf(one, 1))
    expect(epochOf(state([['a', { stock: 2 }]], []), 1)).not.toBe(epochOf(one, 1))
  })
})

describe('an epoch', () => {
  const of = (entries: number) =>
    state(
      Array.from({ length: entries - 1 }, (_, i) => [`a${i}`, {}]),
      [['everything', 1]],
    )

  it.each([
    { length: 9_999, revision: 16, entries: 1, ends: false },
    { length: 10_000, revision: 16, entries: 1, ends: true },
    { length: 10_000, revision: 15, entries: 1, ends: false },
    { length: 10_000, revision: 16, entries: 16, ends: true },
    { length: 10_000, revision: 16, entries: 17, ends: false },
    { length: -9_999, revision: 99, entries: 1, ends: false },
    // The clock was set back.
    { length: -10_000, revision: 99, entries: 1, ends: true },
  ])('of $length ms and $revision changes beside $entries entries ends: $ends', (row) => {
    const { length, revision, entries, ends } = row
    expect(entriesOf(of(entries))).toBe(entries)
    expect(epochEnds(50_000, revision, 50_000 + length, of(entries))).toBe(ends)
    // What may not end without the state does not end with it.
    if (ends) expect(epochMayEnd(50_000, revision, 50_000 + length)).toBe(true)
  })
})
