import { describe, expect, test } from 'vitest'
import { EmmaError } from '../../src/domain/errors.ts'
import { isRedisUrl, parseRedisUrl } from '../../src/domain/redis-url.ts'

describe('a Redis in STORE_URL', () => {
  const here = { host: '127.0.0.1', port: 6_380 }
  test.each([
    ['redis://127.0.0.1:6380', { kind: 'single', tls: false, addresses: [here], database: 0 }],
    ['redis://shop', { kind: 'single', tls: false, addresses: [{ host: 'shop', port: 6_379 }], database: 0 }],
    [
      'rediss://emma:p%40ss%2F:w@shop:1/7',
      {
        kind: 'single',
        tls: true,
        addresses: [{ host: 'shop', port: 1 }],
        username: 'emma',
        password: 'p@ss/:w',
        database: 7,
      },
    ],
    [
      'redis://:pw@[::1]:6380/',
      { kind: 'single', tls: false, addresses: [{ host: '::1', port: 6_380 }], password: 'pw', database: 0 },
    ],
    [
      'redis://u:a@b@127.0.0.1:6380',
      { kind: 'single', tls: false, addresses: [here], username: 'u', password: 'a@b', database: 0 },
    ],
    [
      'redis-cluster://127.0.0.1:6380,b',
      { kind: 'cluster', tls: false, addresses: [here, { host: 'b', port: 6_379 }], database: 0 },
    ],
    [
      'redis-sentinel://127.0.0.1:6380,b/emma-1',
      {
        kind: 'sentinel',
        tls: false,
        addresses: [here, { host: 'b', port: 26_379 }],
        database: 0,
        master: 'emma-1',
      },
    ],
  ])('%s', (url, place) => {
    expect(isRedisUrl(url)).toBe(true)
    expect(parseRedisUrl(url)).toEqual(place)
  })

  test.each([
    ['redis://', 'host:port'],
    ['redis://a:0', 'host:port'],
    ['redis://a:65536', 'host:port'],
    ['redis://a:b', 'host:port'],
    ['redis://a,b', 'several hosts'],
    ['redis://a/b', 'not a number'],
    ['redis://a/0?tls=true', 'no URL of a Redis'],
    ['redis-cluster://a,/', 'host:port'],
    ['redis-cluster://a/1', 'no databases'],
    ['redis-sentinel://a', 'what the sentinels call the master'],
    ['redis-sentinel://a/b c', 'what the sentinels call the master'],
    ['redis://secret@a', 'without a password'],
    ['redis://:sec%ret@a', 'percent-encoded'],
    ['http://a', 'no URL of a Redis'],
    ['embedded:./secret', 'no URL of a Redis'],
  ])('refuses %s in words, and without what may be a password', (url, said) => {
    let error: unknown
    try {
      parseRedisUrl(url)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(EmmaError)
    const { code, faults } = error as EmmaError
    expect(code).toBe('settings_invalid')
    expect(faults).toHaveLength(1)
    expect(faults[0]!.place).toBe('STORE_URL')
    expect(faults[0]!.what).toContain(said)
    expect(faults[0]!.remedy).toContain('redis-cluster://')
    expect(JSON.stringify(faults)).not.toMatch(/secret|sec%ret/)
  })

  test('is told from a folder', () => {
    expect(['embedded:./.emma', 'redis', 'http://a', ''].map(isRedisUrl)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
