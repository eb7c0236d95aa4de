import { describe, expect, it } from 'vitest'
import { ID_PATTERN } from '../../src/domain/ids.ts'

describe('an id', () => {
  it.each([
    'a',
    'winter-boots',
    'Füße und Schuhe',
    '客户 42',
    'a/b?c=d#e',
    '"',
    '🥾',
    'x'.repeat(128),
    '🥾'.repeat(128),
  ])('may be any 1 to 128 printable characters: %s', (id) => expect(id).toMatch(ID_PATTERN))

  it.each([
    ['nothing', ''],
    ['129 characters', 'x'.repeat(129)],
    ['a line break', 'a\nb'],
    ['a trailing line break', 'a\n'],
    ['a control character', 'a\u0000'],
    ['an invisible character', 'a\u200b'],
    ['a right-to-left override', 'a\u202eb'],
    ['a line separator', 'a\u2028'],
    ['half a character', '\ud83e'],
    ['a private character', '\ue000'],
  ])('is never %s', (_, id) => expect(id).not.toMatch(ID_PATTERN))
})
