import { describe, expect, it } from 'vitest'
import { makeNameDecision } from '../../src/decide/name-decision.ts'
import { makeFakeScorer } from './fake-scorer.ts'
import { makeFakeStore } from './fake-store.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, type HouseParts, makeHouse, NOW, type Question } from './make-house.ts'

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const catalogue = makeCatalogue([action('boots'), action('socks')], {
  types: { context: { a: 'number', b: 'number' } },
})

async function nameOf(question: Question, parts: HouseParts = {}, of = catalogue): Promise<string> {
  return (await makeHouse(of, parts)(ask(question))).id
}

describe('a live decision', () => {
  it('is named after the customer’s bucket and a new UUID', async () => {
    const store = { ...makeFakeStore(), person: () => ({ key: 'k', bucket: 42 }) }
    expect(await nameOf({}, { store })).toBe('b0042-019a3e4c-0000-7000-8000-000000000000')
  })

  it('is named after the visit’s bucket where there is no customer', async () => {
    const store = { ...makeFakeStore(), visitor: () => ({ key: 'k', bucket: 7 }) }
    expect(await nameOf({ customer: undefined, sessionId: 's' }, { store })).toMatch(/^b0007-/)
  })

  it('of nobody in particular lies anywhere, and where it is found again when its request has a name', () => {
    const uuids = ['019a3e4c-0000-7000-8000-00000000beef', '019a3e4c-0000-7000-8000-00000000cafe']
    const names = (requestId?: string) =>
      uuids.map((uuid) => {
        const named = makeNameDecision(makeFakeStore(), () => uuid)
        const request = ask({ customer: undefined, ...(requestId === undefined ? {} : { requestId }) })
        return named({ request } as Parameters<typeof named>[0], 'prior').slice(0, 5)
      })
    expect(names()).toEqual(['b0751', 'b0766'])
    const [first, second] = names('r-1')
    expect(first).toBe(second)
    expect(names('r-2')[0]).not.toBe(first)
  })

  it('has another name each time', async () => {
    let n = 0
    const named = makeNameDecision(makeFakeStore(), () => `uuid-${n++}`)
    const situation = { request: ask() } as Parameters<typeof named>[0]
    expect(named(situation, 'prior')).not.toBe(named(situation, 'prior'))
  })
})

describe('a dry-run', () => {
  const dry = (more: Question = {}): Question => ({ mode: 'dry-run', at: NOW, ...more })

  it('is named by a UUID of version 7 that begins with its moment', async () => {
    const name = await nameOf(dry())
    expect(name.slice(0, 4)).toBe('dry-')
    expect(name.slice(4)).toMatch(UUID_7)
    expect(Number.parseInt(name.slice(4, 17).replace('-', ''), 16)).toBe(NOW)
  })

  it.each(['1969-12-31T23:59:59Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'has a UUID at any moment: %s',
    async (at) => expect((await nameOf(dry({ at: Date.parse(at) }))).slice(4)).toMatch(UUID_7),
  )

  it('has the same name for the same question, however its context is written', async () => {
    const [one, other] = [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]
    expect(await nameOf(dry({ context: one }))).toBe(await nameOf(dry({ context: other })))
    expect(await nameOf(dry(), { now: 0 })).toBe(await nameOf(dry(), { now: 1 }))
  })

  it.each<[string, Question]>([
    ['another moment', { at: NOW + 1 }],
    ['a moment before 1970', { at: -1 }],
    ['another customer', { customer: 'c-2' }],
    ['no customer', { customer: undefined }],
    ['another limit', { slates: { hero: 2 } }],
    ['another context', { context: { a: 1 } }],
    ['another language', { locale: 'en' }],
    ['other candidates', { exclude: ['socks'] }],
    ['a name for the request', { requestId: 'r-1' }],
  ])('has another name for %s', async (_, change) => {
    expect(await nameOf(dry(change))).not.toBe(await nameOf(dry()))
  })

  it('tells moments before 1970 apart, though their UUIDs begin alike', async () => {
    expect(await nameOf(dry({ at: -1 }))).not.toBe(await nameOf(dry({ at: -2 })))
  })

  it('has another name when other versions answer', async () => {
    const names = [
      await nameOf(dry()),
      await nameOf(dry(), {}, makeCatalogue([action('boots')])),
      await nameOf(dry(), { scorer: { ...makeFakeScorer(), version: 'other/1@0' } }),
      await nameOf(dry(), { store: makeFakeStore({ featureSet: null }) }),
    ]
    expect(new Set(names).size).toBe(names.length)
  })
})
