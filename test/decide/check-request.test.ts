import { describe, expect, it } from 'vitest'
import { attributeFaults, checkRequest, withDefaults } from '../../src/decide/check-request.ts'
import { EmmaError } from '../../src/domain/errors.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, NOW, type Question } from './make-house.ts'

const catalogue = makeCatalogue([action('boots')], {
  placements: [
    { id: 'hero', channel: 'web' },
    { id: 'footer', channel: 'web' },
    { id: 'mail-top', channel: 'email' },
  ],
  types: { context: { basket: 'number', intent: { type: 'string', default: '' }, guest: 'bool' } },
})

function refusal(question: Question): EmmaError {
  try {
    checkRequest(ask(question), catalogue, NOW)
  } catch (error) {
    if (error instanceof EmmaError) return error
    throw error
  }
  throw new Error('the request was accepted')
}

describe('a request that fits the catalogue', () => {
  it.each<[string, Question]>([
    ['as short as can be', {}],
    ['two placements', { slates: { footer: 1, hero: 2 } }],
    ['context of the declared types', { context: { basket: 0, intent: '', guest: false } }],
    ['actions by name', { include: ['boots'], exclude: ['boots'] }],
  ])('is accepted: %s', (_, question) => {
    expect(() => checkRequest(ask(question), catalogue, NOW)).not.toThrow()
  })
})

describe('a request that does not', () => {
  it.each<[string, Question, string, string]>([
    [
      'another channel',
      { channel: 'fax' },
      'unknown_channel',
      '/channel: this channel is not in the catalogue; use one of web, email',
    ],
    [
      'another placement, and which there are on this channel',
      { slates: { top: 1 } },
      'unknown_placement',
      '/placements/0/id: this placement is not in the catalogue; use one of hero, footer',
    ],
    [
      'a placement of another channel, and which',
      { slates: { hero: 1, 'mail-top': 1 } },
      'placement_of_other_channel',
      '/placements/1/id: this placement belongs to channel email; ask for it with "channel": "email"',
    ],
    [
      'an included action',
      { include: ['boots', 'sandals'] },
      'unknown_action',
      '/candidates/include/1: this action is not in the catalogue; check the id, or leave it out',
    ],
    [
      'an excluded action',
      { exclude: ['sandals'] },
      'unknown_action',
      '/candidates/exclude/0: this action is not in the catalogue; check the id, or leave it out',
    ],
    [
      'a context field that is not declared',
      { context: { weather: 'rain' } },
      'invalid_request',
      '/context/weather: this name is not declared in the catalogue; declare it under types.context, or leave it out',
    ],
    [
      'a context field of another type',
      { context: { basket: '49.90' } },
      'invalid_request',
      '/context/basket: this is a string, the catalogue declares a number; send a number',
    ],
  ])('is told what it gets wrong: %s', (_, question, code, text) => {
    expect(refusal(question)).toMatchObject({ code, message: text })
  })

  it('is told that it asks for a placement twice', () => {
    const [slate] = ask().slates
    try {
      checkRequest({ ...ask(), slates: [slate!, slate!] }, catalogue, NOW)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'invalid_request',
        message: '/placements/1/id: this placement is asked for twice; ask once and raise its limit',
      })
    }
  })

  it('is told everything at once, under the code of the first', () => {
    const error = refusal({
      channel: 'fax',
      slates: { top: 1, hero: 1 },
      exclude: ['sandals'],
      context: { weather: 'rain', guest: 1 },
    })
    expect(error.code).toBe('unknown_channel')
    expect(error.faults.map(({ place }) => place)).toEqual([
      '/channel',
      '/placements/0/id',
      '/candidates/exclude/0',
      '/context/weather',
      '/context/guest',
    ])
  })

  it('is never told its own values back, which may be personal', () => {
    const secret = 'anna@example.com'
    const error = refusal({
      channel: secret,
      slates: { [secret]: 1 },
      include: [secret],
      context: { basket: secret },
    })
    expect(error.message).not.toContain(secret)
  })

  it('is shown a dozen placements, not a thousand', () => {
    const large = makeCatalogue([action('boots')], {
      placements: ['hero', ...Array.from({ length: 999 }, (_, i) => `p${i}`)].map((id) => ({
        id,
        channel: 'web',
      })),
    })
    expect(() => checkRequest(ask({ slates: { top: 1 } }), large, NOW)).toThrow(/p10 and 988 more$/)
  })
})

describe('names that every object has', () => {
  const hostile = JSON.parse('{"constructor": 1, "__proto__": 2, "toString": 3}')

  it('are no declared names', () => {
    expect(attributeFaults(hostile, catalogue.contextTypes, '/context', 'types.context')).toHaveLength(3)
    expect(attributeFaults({}, new Map([['constructor', { type: 'string' }]]), '', '')).toEqual([])
  })

  it('get their default like others', () => {
    expect(withDefaults({}, new Map([['constructor', { type: 'number', default: 7 }]]))).toEqual({
      constructor: 7,
    })
  })

  it('are written as JSON pointers write them', () => {
    const [fault] = attributeFaults({ 'a/b~c': 1 }, new Map(), '/context', 'types.context')
    expect(fault!.place).toBe('/context/a~1b~0c')
  })
})

describe('defaults', () => {
  const types = new Map([['vip', { type: 'bool', default: true }]] as const)

  it('fill in what is missing and change nothing that is told', () => {
    expect(withDefaults({}, types)).toEqual({ vip: true })
    expect(withDefaults({ vip: false, age: 3 }, types)).toEqual({ vip: false, age: 3 })
  })

  it('leave what they are given as it was', () => {
    const told = Object.freeze({ age: 3 })
    expect(withDefaults(told, types)).not.toBe(told)
  })
})
