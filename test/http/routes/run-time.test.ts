import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { positionText } from '../../../src/domain/run-time.ts'
import { CATALOGUE, decided, openShop, type Shop, send } from '../open-shop.ts'

let shop: Shop
beforeEach(async () => {
  shop = await openShop()
  onTestFinished(() => shop.close())
})

const original = parse(CATALOGUE)
const live = (id: string) => `/v1/actions/${encodeURIComponent(id)}/live`
const tell = (id: string, body: unknown) => send(shop, 'PUT', live(id), body)
const told = async (id: string) => (await shop.app.inject(live(id))).json()
const turn = (body: unknown) => send(shop, 'PUT', '/v1/switches', body)
const switches = async () => (await shop.app.inject('/v1/switches')).json()
const position = async () => (await switches()).runTime

async function publish(change: (document: typeof original) => object) {
  const headers = { 'content-type': 'application/json', 'if-match': '*' }
  const reply = await send(shop, 'PUT', '/v1/catalogue', change(structuredClone(original)), headers)
  expect(reply.statusCode, reply.body).toBe(200)
}
const without = (id: string) => (document: typeof original) => ({
  ...document,
  actions: document.actions.filter((one: { id: string }) => one.id !== id),
})
const hero = { channel: 'web', placements: [{ id: 'hero', limit: 3 }], explain: 'full' }
async function heroShows() {
  const decision = await decided(shop, hero)
  return decision.placements[0]!.items.map(({ actionId }) => actionId).sort()
}

describe('PUT /v1/actions/{id}/live', () => {
  it('replaces all that is told of an action, and forgets it when nothing is', async () => {
    const first = (await tell('boots', { stock: 3, price: 89.9 })).json()
    expect(first).toEqual({ actionId: 'boots', live: { stock: 3, price: 89.9 }, runTime: expect.any(String) })
    expect(await told('boots')).toEqual(first)
    expect((await tell('boots', { price: 0 })).json().live).toEqual({ price: 0 })
    expect((await told('boots')).live).toEqual({ price: 0 })
    expect((await told('scarf')).live).toEqual({})
    expect((await tell('boots', {})).json().live).toEqual({})
    expect((await told('boots')).live).toEqual({})
  })

  it('rules the very next decision, which names the position of the state', async () => {
    await publish((document) => {
      document.actions[0].applicability = 'live.stock > 0 && live.price < 100'
      return document
    })
    expect(await heroShows()).toEqual(['scarf'])
    for (const [body, shown] of [
      [{ stock: 1, price: 99 }, ['boots', 'scarf']],
      [{ stock: 0, price: 99 }, ['scarf']],
      [{ stock: 5, price: 100 }, ['scarf']],
      [{ stock: 5 }, ['scarf']],
      [{ stock: 5, price: 1 }, ['boots', 'scarf']],
      [{}, ['scarf']],
    ] as const) {
      const { runTime } = (await tell('boots', body)).json()
      const decision = await decided(shop, hero)
      expect(decision.placements[0]!.items.map(({ actionId }) => actionId).sort()).toEqual(shown)
      expect(decision.versions.runTime).toBe(runTime)
    }
  })

  it.each([
    ['less than nothing', { stock: -1 }, '/stock'],
    ['half a piece', { stock: 1.5 }, '/stock'],
    ['more than can be counted', { stock: 2 ** 53 }, '/stock'],
    ['a text', { stock: '3' }, '/stock'],
    ['no number', { stock: null }, '/stock'],
    ['NaN', '{"stock":NaN}', 'body'],
    ['more than any number', '{"stock":1e999}', '/stock'],
    ['a price below nothing', { price: -0.01 }, '/price'],
    ['a price as a text', { price: '1,50' }, '/price'],
    ['an endless price', '{"price":1e999}', '/price'],
    ['another key', { stock: 3, colour: 'red' }, '/colour'],
    ['a prototype', '{"__proto__":{"stock":1}}', 'body'],
    ['a list', [], 'body'],
    ['a number', '3', 'body'],
    ['nothing', '', 'body'],
  ])('refuses %s, and changes nothing', async (_, body, place) => {
    await tell('boots', { stock: 3 })
    const before = await told('boots')
    const reply = await tell('boots', body)
    expect([reply.statusCode, reply.json().errors[0].pointer]).toEqual([400, place])
    expect(await told('boots')).toEqual(before)
  })

  it.each([['nobody'], ['__proto__'], ['a/b'], ['hero']])('knows no action %s', async (id) => {
    for (const reply of [await tell(id, { stock: 1 }), await tell(id, {}), await shop.app.inject(live(id))]) {
      expect([reply.statusCode, reply.json().code]).toEqual([422, 'unknown_action'])
    }
    expect(await position()).toBeNull()
  })

  it('forgets what was told of an action that a newer version no longer has', async () => {
    await tell('boots', { stock: 3 })
    await publish(without('boots'))
    expect((await tell('boots', { stock: 4 })).statusCode).toBe(422)
    expect((await told('boots')).live).toEqual({ stock: 3 })
    const gone = await tell('boots', {})
    expect([gone.statusCode, gone.json().live]).toEqual([200, {}])
    expect((await tell('boots', {})).statusCode).toBe(422)
  })

  it('outlives a newer version of the catalogue', async () => {
    await tell('boots', { stock: 3 })
    await publish(without('scarf'))
    expect((await told('boots')).live).toEqual({ stock: 3 })
  })

  it('loses none of many that are told at once', async () => {
    const ids = ['boots', 'scarf', 'advice', 'letter']
    for (let stock = 1; stock <= 10; stock++) {
      const replies = await Promise.all(ids.map((id) => tell(id, { stock })))
      expect(replies.map((reply) => reply.json().live)).toEqual(ids.map(() => ({ stock })))
    }
    for (const id of ids) expect((await told(id)).live).toEqual({ stock: 10 })
  })
})

describe('PUT /v1/switches', () => {
  it('switches what is named and leaves the rest, and tells what is off since when', async () => {
    const all = { everything: 'on', channels: {}, groups: {}, actions: {}, runTime: null }
    expect(await switches()).toEqual(all)
    const off = { switched: 'off', since: expect.any(String) }
    const runTime = expect.any(String)
    const first = (await turn({ actions: { boots: 'off', scarf: 'on' } })).json()
    expect(first).toEqual({ ...all, actions: { boots: off }, runTime })
    const second = (await turn({ channels: { email: 'off' }, actions: { scarf: 'off' } })).json()
    const both = { channels: { email: off }, actions: { boots: off, scarf: off } }
    expect(second).toEqual({ ...all, ...both, runTime })
    expect(second.actions.boots).toEqual(first.actions.boots)
    expect(await switches()).toEqual(second)
    const third = (await turn({ actions: { boots: 'on' }, channels: { email: 'on' } })).json()
    expect(third).toEqual({ ...all, actions: { scarf: off }, runTime })
  })

  it('rules the very next decision: an action, a group, and back', async () => {
    await publish((document) => {
      document.groups = [{ id: 'warm' }]
      document.actions[1].group = 'warm'
      return document
    })
    for (const [body, shown] of [
      [{ actions: { boots: 'off' } }, ['scarf']],
      [{ groups: { warm: 'off' } }, []],
      [{ actions: { boots: 'on' } }, ['boots']],
      [{ groups: { warm: 'on' } }, ['boots', 'scarf']],
    ] as const) {
      const { runTime } = (await turn(body)).json()
      expect(await heroShows()).toEqual(shown)
      expect((await decided(shop, hero)).versions.runTime).toBe(runTime)
    }
  })

  it.each([
    ['everything', { everything: 'off' }, { everything: 'on' }],
    ['the channels', { channels: { web: 'off', email: 'off' } }, { channels: { web: 'on', email: 'on' } }],
  ])('answers fallbacks, and sends nothing, while %s is off', async (_, off, on) => {
    const letter = { channel: 'email', placements: [{ id: 'mail' }], customer: { id: 'anna' } }
    expect((await decided(shop, letter)).outbound).toMatchObject({ send: true })
    await turn(off)
    const page = await decided(shop, { channel: 'web', placements: [{ id: 'hero' }, { id: 'strip' }] })
    expect(page.placements).toMatchObject([
      {
        id: 'hero',
        status: 'fallback',
        code: 'switched_off',
        items: [],
        fallback: { headline: 'Willkommen' },
      },
      { id: 'strip', status: 'empty', code: 'switched_off', items: [] },
    ])
    const mail = await decided(shop, letter)
    expect(mail.outbound).toMatchObject({ send: false, code: 'switched_off' })
    expect(mail.placements[0]!.items).toEqual([])
    await turn(on)
    expect(await heroShows()).toEqual(['boots', 'scarf'])
    expect((await decided(shop, letter)).outbound).toMatchObject({ send: true })
  })

  it.each([
    ['an action', { actions: { boots: 'off', nobody: 'off' } }, 'unknown_action', ['/actions/nobody']],
    ['a group', { groups: { nobody: 'on' } }, 'unknown_group', ['/groups/nobody']],
    [
      'a channel',
      { channels: { fax: 'off' }, actions: { 'a/b~': 'off' } },
      'unknown_channel',
      ['/channels/fax', '/actions/a~1b~0'],
    ],
    ['what objects inherit', { actions: { toString: 'off' } }, 'unknown_action', ['/actions/toString']],
  ])('knows not %s that is not there, and switches nothing', async (_, body, code, places) => {
    const reply = await turn(body)
    expect([reply.statusCode, reply.json().code]).toEqual([422, code])
    expect(reply.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(places)
    expect(await position()).toBeNull()
  })

  it.each([
    ['nothing', {}, 'body'],
    ['a state that is none', { everything: 'OFF' }, '/everything'],
    ['a truth', { actions: { boots: false } }, '/actions/boots'],
    ['another key', { placements: { hero: 'off' } }, '/placements'],
    ['a list', { actions: ['boots'] }, '/actions'],
    ['a name of no letters', { actions: { '': 'off' } }, '/actions/'],
    [
      'too many',
      { actions: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, 'off'])) },
      '/actions',
    ],
  ])('refuses %s', async (_, body, place) => {
    const reply = await turn(body)
    expect([reply.statusCode, reply.json().errors[0].pointer]).toEqual([400, place])
  })

  it('says of a wrong word that it is wrong, and not that it is missing', async () => {
    const [fault] = (await turn({ everything: 'OFF' })).json().errors
    expect(fault.what).toBe('this value is not one of those allowed')
  })

  it('switches on what a newer version no longer has, and never off', async () => {
    await turn({ actions: { boots: 'off' } })
    await publish(without('boots'))
    expect((await turn({ actions: { boots: 'off' } })).statusCode).toBe(422)
    expect((await switches()).actions).toHaveProperty('boots')
    const reply = await turn({ actions: { boots: 'on' } })
    expect([reply.statusCode, reply.json().actions]).toEqual([200, {}])
    expect((await turn({ actions: { boots: 'on' } })).statusCode).toBe(422)
  })

  it('records nothing for what is so already, and says since when it is', async () => {
    const first = (await turn({ everything: 'off' })).json()
    expect((await turn({ everything: 'off' })).json()).toEqual(first)
    expect((await turn({ actions: {} })).json()).toEqual(first)
  })

  it('believes the store and not itself about what another process switched a moment ago', async () => {
    await turn({ actions: { boots: 'off' } })
    const on = { at: Date.now(), switch: { kind: 'action', id: 'boots' }, off: false } as const
    await shop.store.catalogues.changeRunTime([on])
    expect((await turn({ actions: { boots: 'off' } })).json().actions).toHaveProperty('boots')
    expect(await heroShows()).toEqual(['scarf'])
  })

  it('names a position that the store knows for ever', async () => {
    await turn({ actions: { boots: 'off' } })
    const then = await shop.store.catalogues.runTimePosition()
    expect(await position()).toBe(positionText(then!))
    await turn({ actions: { boots: 'on' } })
    expect((await shop.store.catalogues.runTimeState(then!))?.state.off.has('action:boots')).toBe(true)
  })
})

describe('with a store that fails', () => {
  it('answers 503 to what is told, and goes on deciding by what it knew', async () => {
    const broken = await openShop()
    onTestFinished(() => broken.app.close())
    await send(broken, 'PUT', '/v1/switches', { actions: { boots: 'off' } })
    await broken.store.close()
    for (const [url, body] of [
      [live('scarf'), { stock: 1 }],
      ['/v1/switches', { actions: { boots: 'on' } }],
      ['/v1/switches', { actions: { boots: 'off' } }],
    ] as const) {
      const reply = await send(broken, 'PUT', url, body)
      expect([reply.statusCode, reply.json().code]).toEqual([503, 'store_unavailable'])
    }
    expect((await broken.app.inject('/v1/switches')).json().actions).toHaveProperty('boots')
    expect((await decided(broken, hero)).placements[0]!.items.map(({ actionId }) => actionId)).toEqual([
      'scarf',
    ])
  })
})
