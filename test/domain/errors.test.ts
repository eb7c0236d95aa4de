import { describe, expect, it } from 'vitest'
import { EmmaError, ERROR_TITLES, failure, sentence } from '../../src/domain/errors.ts'

const place = '/context/age'
const fault = { place, what: 'this is a string, the catalogue declares a number', remedy: 'send a number' }

describe('the catalogue of failures', () => {
  it.each(Object.entries(ERROR_TITLES))('gives %s a title', (code, title) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
  })

  it('gives no two codes the same title', () => {
    expect(new Set(Object.values(ERROR_TITLES)).size).toBe(Object.keys(ERROR_TITLES).length)
  })
})

describe('a failure', () => {
  it('says place, what and remedy in one line', () => {
    expect(sentence(fault)).toBe(
      '/context/age: this is a string, the catalogue declares a number; send a number',
    )
  })

  it('tells all its faults, one a line', () => {
    const error = new EmmaError('invalid_request', [fault, { ...fault, place: '/context/name' }])
    expect(error.message.split('\n')).toEqual(error.faults.map(sentence))
    expect(error).toMatchObject({ name: 'EmmaError', code: 'invalid_request' })
    expect(error).toBeInstanceOf(Error)
  })

  it('has its title to say when there is nothing more to tell', () => {
    expect(new EmmaError('not_ready', []).message).toBe(ERROR_TITLES.not_ready)
  })

  it('keeps its cause, and has none when none is given', () => {
    const cause = new Error('disk full')
    expect(failure('store_unavailable', './.emma', 'the store failed', 'check the disk', cause).cause).toBe(
      cause,
    )
    expect(failure('store_unavailable', './.emma', 'the store failed', 'check the disk')).not.toHaveProperty(
      'cause',
    )
  })
})
