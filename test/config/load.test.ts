import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadSettings } from '../../src/config/load.ts'
import { LATER_SETTINGS, settingsSchema } from '../../src/config/schema.ts'
import { EmmaError } from '../../src/domain/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'emma-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0
function file(text: string): string {
  const path = join(folder, `settings-${count++}.yaml`)
  writeFileSync(path, text)
  return path
}

/** The faults of settings that must be refused. */
function faults(environment: Record<string, string>, path?: string) {
  try {
    loadSettings(path, environment)
  } catch (error) {
    expect(error).toBeInstanceOf(EmmaError)
    expect((error as EmmaError).code).toBe('settings_invalid')
    return (error as EmmaError).faults
  }
  throw new Error('these settings were taken')
}

const ALL = {
  PORT: '9000',
  HOST: '127.0.0.2',
  WORKERS: '4',
  STORE_URL: 'embedded:/var/emma',
  STORE_DURABILITY: 'replicated',
  DEADLINE_MS: '70',
  CATALOGUE: 'shop.yaml',
  MODELS: 'models',
  LOG_LEVEL: 'debug',
  SECRET: 'sixteen letters!',
}

describe('loadSettings', () => {
  it('has a default for everything that is needed', () => {
    expect(loadSettings(undefined, {})).toEqual({
      PORT: 8080,
      HOST: '127.0.0.1',
      WORKERS: 1,
      STORE_URL: 'embedded:./.emma',
      STORE_DURABILITY: 'async',
      DEADLINE_MS: 50,
      LOG_LEVEL: 'info',
    })
  })

  it('takes every setting it knows from the environment, and ignores what is not Emma’s', () => {
    expect(Object.keys(ALL).sort()).toEqual(Object.keys(settingsSchema.shape).sort())
    expect(loadSettings(undefined, { ...ALL, PATH: '/bin', HOME: '/root' })).toEqual({
      ...ALL,
      PORT: 9000,
      WORKERS: 4,
      DEADLINE_MS: 70,
    })
  })

  it('takes the same from a file, and lets the environment win', () => {
    const text = Object.entries(ALL)
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
      .join('\n')
    const taken = { ...ALL, PORT: 9000, WORKERS: 4, DEADLINE_MS: 70 }
    expect(loadSettings(file(text), {})).toEqual(taken)
    expect(loadSettings(file(JSON.stringify(ALL)), {})).toEqual(taken)
    const mixed = loadSettings(file(text), { PORT: '1', LOG_LEVEL: '' })
    expect([mixed.PORT, mixed.LOG_LEVEL]).toEqual([1, 'debug'])
  })

  it('takes values of a file as they are written', () => {
    const secret = '01234567890123456789'
    expect(loadSettings(file(`SECRET: ${secret}\nCATALOGUE: 1.10`), {})).toMatchObject({
      SECRET: secret,
      CATALOGUE: '1.10',
    })
  })

  it('takes an empty value for no value, and an empty file for no settings', () => {
    expect(loadSettings(file('PORT:\nHOST: ""'), { CATALOGUE: '' }).PORT).toBe(8080)
    expect(loadSettings(file(''), {}).PORT).toBe(8080)
    expect(loadSettings(file('# nothing yet\n'), {}).PORT).toBe(8080)
  })

  it.each([
    ['PORT', ['65536', '-1', '80.5', 'http', '0x50', ' 80', '1e3', '８０']],
    [
      'STORE_URL',
      ['http://localhost', 'redis:localhost', 'redis-cluster://', 'embedded:', './folder', 'EMBEDDED:x'],
    ],
    ['STORE_DURABILITY', ['sync', 'ASYNC']],
    ['WORKERS', ['0', '-1', '65', '1.5', '04', '100', 'max', ' 2']],
    ['DEADLINE_MS', ['0', '-1', '1.5', '50ms', '100000']],
    ['LOG_LEVEL', ['verbose', 'INFO', '30']],
    ['SECRET', ['short']],
  ])('refuses a wrong %s and does not repeat it', (name, values) => {
    for (const value of values) {
      const found = faults({ [name]: value })
      expect(found.map(({ place }) => place)).toEqual([name])
      if (value.length > 4) expect(found[0]!.what).not.toContain(`${value}"`)
    }
  })

  it.each([
    '0.0.0.0',
    '::',
    '192.168.1.5',
    '10.0.0.1',
    'example.com',
    '128.0.0.1',
    '127.0.0.1.evil.example',
    '*',
  ])('refuses to serve %s, as it has no API keys', (HOST) => {
    const [fault] = faults({ HOST })
    expect(fault).toMatchObject({ place: 'HOST', what: expect.stringContaining('loopback') })
  })

  it.each(['127.0.0.1', '127.0.1.1', '::1', 'localhost'])('serves %s', (HOST) => {
    expect(loadSettings(undefined, { HOST }).HOST).toBe(HOST)
  })

  it.each(['1', '2', '64'])('starts %s workers', (WORKERS) => {
    expect(loadSettings(undefined, { WORKERS }).WORKERS).toBe(Number(WORKERS))
  })

  it('tells all faults together, those of the file too', () => {
    const path = file('PROT: 80\nHOST: [a]\nLOG_DIR: logs\nSECRET: short')
    const found = faults({ PORT: 'x', LOG_LEVEL: 'loud' }, path)
    expect(found.map(({ place }) => place).sort()).toEqual(
      [`${path} (HOST)`, `${path} (PROT)`, 'LOG_LEVEL', 'PORT', 'SECRET', 'LOG_DIR'].sort(),
    )
    for (const { what, remedy } of found) expect([what, remedy]).not.toContain('')
  })

  it('refuses settings of later versions by name, so that nobody believes them to hold', () => {
    for (const [name, what] of Object.entries(LATER_SETTINGS)) {
      expect(faults({ [name]: '1' })).toEqual([
        { place: name, what: `this setting (${what}) is not supported by this version`, remedy: 'unset it' },
      ])
    }
  })

  it.each([
    ['is not there', join(folder, 'nowhere.yaml')],
    ['is a folder', folder],
    ['is no YAML', file('{')],
    ['is a text', file('PORT=8080')],
    ['is a list', file('- PORT: 8080')],
    ['names a setting twice', file('PORT: 1\nPORT: 2')],
  ])('refuses a file that %s', (_, path) => {
    expect(faults({}, path)[0]!.place).toBe(path)
  })

  it.each(['toString', 'constructor', '__proto__', 'port', 'PATH'])('knows no setting called %s', (name) => {
    expect(faults({}, file(`${name}: x`))[0]!.what).toBe('this setting is not known')
  })

  it('takes the URL of a Redis, with a SECRET only', () => {
    const urls = [
      'redis://localhost',
      'rediss://:word@redis.example.org:6380/2',
      'redis-sentinel://a:26379,b:26379/main',
      'redis-cluster://a:7000,b:7000',
    ]
    for (const STORE_URL of urls) {
      expect(faults({ STORE_URL })).toMatchObject([{ place: 'SECRET' }])
      expect(loadSettings(undefined, { STORE_URL, SECRET: ALL.SECRET })).toMatchObject({ STORE_URL })
    }
  })

  it('repeats no secret in what it says', () => {
    const secret = 'geheim-7c1f'
    expect(JSON.stringify(faults({ SECRET: secret, STORE_URL: `redis://:${secret}@x:port` }))).not.toContain(
      secret,
    )
    expect(JSON.stringify(faults({}, file(`SECRET: "${secret}\nPORT: 1`)))).not.toContain(secret)
  })

  it('leaves the environment as it was, and what it gives cannot be changed', () => {
    const before = JSON.stringify(process.env)
    const settings = loadSettings(file('LOG_LEVEL: debug'), { PORT: '1' })
    expect(JSON.stringify(process.env)).toBe(before)
    expect(Object.isFrozen(settings)).toBe(true)
  })
})
