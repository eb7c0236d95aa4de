import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { isAddress } from '../../src/domain/address.ts'
import { OUTCOMES } from '../../src/domain/outcome.ts'
import { KINDS, TIERS } from '../../src/domain/tier.ts'
import { consentsReplySchema } from '../../src/http/schemas/consents.ts'
import { contactsReplySchema } from '../../src/http/schemas/contacts.ts'
import { customerSchema } from '../../src/http/schemas/customer.ts'
import { decisionReplySchema } from '../../src/http/schemas/decision.ts'
import { problemSchema } from '../../src/http/schemas/problem.ts'
import { ask, FEATURES, openShop, send } from './open-shop.ts'

const shop = await openShop()
afterAll(() => shop.close())

type Reply = Awaited<ReturnType<typeof ask>>

/** A 2xx has the documented form and no field beside it; everything else is a problem, and nobody’s fault but the caller’s. */
function expectSound(reply: Reply, schema: z.ZodType) {
  expect(reply.statusCode).toBeLessThan(500)
  const form = reply.statusCode === 200 ? schema : problemSchema
  expect(form.parse(reply.json())).toEqual(reply.json())
  if (reply.statusCode !== 200) {
    expect(reply.json().status).toBe(reply.statusCode)
    expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  }
}

const id = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u.test(text))
const action = fc.constantFrom('boots', 'scarf', 'advice', 'letter')
const PLACEMENTS = { web: ['hero', 'strip'], email: ['mail'] } as const

const validRequest = fc
  .constantFrom<keyof typeof PLACEMENTS>('web', 'email')
  .chain((channel) =>
    fc.record(
      {
        channel: fc.constant(channel),
        placements: fc.shuffledSubarray([...PLACEMENTS[channel]], { minLength: 1 }).chain((ids) =>
          fc.tuple(
            ...ids.map((placement) =>
              fc.record(
                {
                  id: fc.constant(placement),
                  limit: fc.integer({ min: 1, max: 100 }),
                  kinds: fc.uniqueArray(fc.constantFrom('offer', 'activity'), { minLength: 1 }),
                },
                { requiredKeys: ['id'] },
              ),
            ),
          ),
        ),
        customer: fc.record({ id: fc.oneof(fc.constant('anna'), id) }),
        requestId: id,
        context: fc.record(
          {
            intent: fc.string({ unit: 'binary', maxLength: 4096 }),
            basketValue: fc.double({ noNaN: true, noDefaultInfinity: true }),
          },
          { requiredKeys: [] },
        ),
        locale: fc.constantFrom('de', 'en-GB', 'fr', 'zh-Hant-TW', 'de-CH-1996', 'und', 'en-u-ca-buddhist'),
        candidates: fc.record({ include: fc.array(action), exclude: fc.array(action) }, { requiredKeys: [] }),
        when: fc.oneof(
          fc.constant({}),
          fc.constant({ mode: 'live' }),
          fc
            .date({ min: new Date(0), max: new Date('9998-12-31T23:59:59Z'), noInvalidDate: true })
            .map((at) => ({ mode: 'dry-run', at: at.toISOString() })),
        ),
        explain: fc.constantFrom('none', 'codes', 'full'),
      },
      { requiredKeys: ['channel', 'placements'] },
    ),
  )
  .map(({ when, ...request }) => ({ ...request, ...when }))

/** Values that are nearly right, or right elsewhere. */
const nearly = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      null,
      '',
      ' ',
      0,
      -1,
      1,
      1.5,
      1e308,
      101,
      true,
      false,
      [],
      {},
      [[]],
      [{}],
      '__proto__',
      'constructor',
    ],
    ...[
      'hero',
      'web',
      'anna',
      'boots',
      'live',
      'full',
      'de',
      'NaN',
      '1',
      '2026-11-01T00:00:00Z',
      '0000-01-01T00:00:00Z',
    ],
    ...[
      '\ud800',
      '\0',
      '\u202e',
      'a'.repeat(129),
      '😀'.repeat(128),
      Number.MAX_SAFE_INTEGER,
      '9999-12-31T23:59:59Z',
    ],
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

/** The value with the n-th of its places replaced, removed, or given a neighbour. */
function mutate(value: unknown, n: number, by: unknown, how: 'replace' | 'remove' | 'add'): unknown {
  const places: [Record<string, unknown>, string][] = []
  const copy = structuredClone({ root: value })
  const walk = (node: unknown) => {
    if (node === null || typeof node !== 'object') return
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key])
      walk((node as Record<string, unknown>)[key])
    }
  }
  walk(copy)
  const [parent, key] = places[n % places.length]!
  if (how === 'replace') parent[key] = by
  else if (how === 'add') parent[typeof by === 'string' && by !== '__proto__' ? by : 'other'] = by
  else delete parent[key]
  return copy.root ?? null
}

const mutation = fc.tuple(
  fc.nat(40),
  nearly,
  fc.constantFrom('replace' as const, 'remove' as const, 'add' as const),
)

describe('whatever is sent to POST /v1/decisions', () => {
  it('is decided when it is valid, unless its name is that of another', async () => {
    await fc.assert(
      fc.asyncProperty(validRequest, async (request) => {
        const reply = await ask(shop, request)
        expectSound(reply, decisionReplySchema)
        const isTaken = reply.statusCode === 422 && reply.json().code === 'request_id_taken'
        if (request.requestId === undefined || !isTaken) expect(reply.statusCode).toBe(200)
      }),
      { numRuns: 2000 },
    )
  })

  it('is decided or refused in the documented form when it is nearly valid', async () => {
    let [good, bad] = [0, 0]
    await fc.assert(
      fc.asyncProperty(
        validRequest,
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        async (request, mutations) => {
          const body = mutations.reduce<unknown>((value, [n, by, how]) => mutate(value, n, by, how), request)
          const reply = await ask(shop, JSON.stringify(body))
          expectSound(reply, decisionReplySchema)
          if (reply.statusCode === 200) good++
          else bad++
        },
      ),
      { numRuns: 3000 },
    )
    // Mutations that are all refused, or all harmless, would prove little.
    expect(Math.min(good, bad)).toBeGreaterThan(300)
  })

  it('is refused in the documented form when it is anything, or bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.uint8Array().map(Buffer.from)), async (body) => {
        const reply = await ask(shop, body)
        expectSound(reply, decisionReplySchema)
        expect(reply.statusCode).toBe(400)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('whatever is sent to PUT /v1/customers/{id}', () => {
  const number = fc.oneof(
    { arbitrary: fc.integer({ min: -1, max: 256 }), weight: 9 },
    { arbitrary: fc.double(), weight: 1 },
    { arbitrary: nearly, weight: 1 },
  )
  const mostly = (right: unknown, ...others: unknown[]) =>
    fc.oneof(
      { arbitrary: fc.constant(right), weight: 60 },
      { arbitrary: fc.constantFrom(null, ...others), weight: 2 },
      { arbitrary: nearly, weight: 1 },
    )
  const preferences = fc.record(
    {
      timeZone: mostly('europe/berlin', 'utc', '+02:00', 'Mars'),
      pace: mostly([{ channel: 'web', max: 2, window: '7d' }], [], [{ max: 1, window: '1000d' }]),
      refusedTopics: mostly(['footwear'], [], ['boats']),
      pauses: mostly([{ channel: 'email' }, { until: '2027-01-01T00:00:00+05:00' }], [{ channel: 'fax' }]),
    },
    { requiredKeys: [] },
  )
  const change = fc.record(
    {
      preferences,
      attributes: fc.record(
        { firstName: fc.oneof(fc.string(), nearly), age: number, club: nearly },
        { requiredKeys: [] },
      ),
      features: fc.oneof(
        fc.record({
          values: fc.record(
            { boots_affinity: number, days: number, spent: number, nose: number },
            { requiredKeys: [] },
          ),
        }),
        fc.record({
          version: fc.constantFrom(FEATURES.version, 'x'),
          vector: fc.array(number, { maxLength: 4 }),
        }),
        nearly,
      ),
    },
    { requiredKeys: [] },
  )

  it('is stored, and read back as it was answered, or refused in the documented form', async () => {
    let stored = 0
    await fc.assert(
      fc.asyncProperty(id, change, async (name, body) => {
        const url = `/v1/customers/${encodeURIComponent(name)}`
        const reply = await send(shop, 'PUT', url, JSON.stringify(body))
        expectSound(reply, customerSchema)
        if (reply.statusCode !== 200) return
        stored++
        expect((await shop.app.inject({ url })).json()).toEqual(reply.json())
      }),
      { numRuns: 4000 },
    )
    expect(stored).toBeGreaterThan(100)
  })
})

const day = 86_400_000
const time = fc
  .integer({ min: -401 * day, max: 401 * day })
  .map((offset) => new Date(Date.now() + offset).toISOString())
/** A few customers and sessions that come again and again. */
const somebody = fc.oneof(
  fc.record({ customer: fc.record({ id: fc.oneof(fc.constantFrom('anna', 'bert'), id) }) }),
  fc.record({ sessionId: fc.oneof(fc.constantFrom('s1', 's2'), id) }),
)
const outcomeOf = fc.record(
  { type: fc.constantFrom(...OUTCOMES), at: time, until: time },
  { requiredKeys: ['type'] },
)
const contact = fc
  .record(
    {
      who: somebody,
      id: fc.oneof(fc.constantFrom('c1', 'c2'), id),
      channel: fc.constantFrom('web', 'web', 'email', 'fax'),
      placement: fc.constantFrom('hero', 'strip', 'mail', 'roof'),
      action: fc.oneof(action, id),
      group: id,
      tier: fc.constantFrom(...TIERS),
      kind: fc.constantFrom(...KINDS),
      at: time,
      outcomes: fc.array(outcomeOf, { maxLength: 4 }),
    },
    { requiredKeys: ['who', 'id', 'channel'] },
  )
  .map(({ who, ...rest }) => ({ ...who, ...rest }))
const consent = fc
  .record(
    {
      who: fc.oneof(somebody, fc.constant({})),
      address: fc.oneof(fc.constantFrom('anna@example.org', '+49 170 1'), id.filter(isAddress)),
      purpose: fc.constantFrom('advertising', 'personalisation', 'fun'),
      channel: fc.constantFrom('web', 'email', 'fax'),
      state: fc.constantFrom('granted', 'refused'),
      at: time,
    },
    { requiredKeys: ['who', 'state', 'address', 'channel'] },
  )
  .map(({ who, ...rest }) => ({ ...who, ...rest }))

describe.each<[string, string, fc.Arbitrary<object>, z.ZodType]>([
  ['/v1/contacts', 'contacts', contact, contactsReplySchema],
  ['/v1/consents', 'consents', consent, consentsReplySchema],
])('whatever is sent to POST %s', (url, key, item, schema) => {
  const items = fc.array(item, { minLength: 1, maxLength: 5 })

  it('is answered item by item when it is valid, and the customer can be read afterwards', async () => {
    let accepted = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(items, async (told) => {
        const reply = await send(shop, 'POST', url, { [key]: told })
        expectSound(reply, schema)
        expect(reply.statusCode).toBe(200)
        const counts = reply.json()
        expect(counts.accepted + counts.duplicate + counts.refused).toBe(told.length)
        accepted += counts.accepted
        refused += counts.refused
        expectSound(await shop.app.inject('/v1/customers/anna'), customerSchema)
      }),
      { numRuns: 300 },
    )
    expect(Math.min(accepted, refused)).toBeGreaterThan(50)
  })

  it('is recorded or refused in the documented form when it is nearly valid', async () => {
    await fc.assert(
      fc.asyncProperty(items, fc.array(mutation, { minLength: 1, maxLength: 3 }), async (told, mutations) => {
        const body = mutations.reduce<unknown>((value, [n, by, how]) => mutate(value, n, by, how), {
          [key]: told,
        })
        expectSound(await send(shop, 'POST', url, JSON.stringify(body)), schema)
      }),
      { numRuns: 1000 },
    )
  })

  it('is refused in the documented form when it is anything, or bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.uint8Array().map(Buffer.from)), async (body) => {
        const reply = await send(shop, 'POST', url, body)
        expectSound(reply, schema)
        expect(reply.statusCode).toBe(400)
      }),
      { numRuns: 300 },
    )
  })
})
