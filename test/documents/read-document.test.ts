import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parseAgainst, parseWritten, readDocumentFile } from '../../src/documents/read-document.ts'
import { EmmaError } from '../../src/domain/errors.ts'

const read = (text: string) => parseWritten(text, 'rules.yaml', 'catalogue_invalid')

function refusals(work: () => unknown): string[] {
  try {
    work()
  } catch (error) {
    if (error instanceof EmmaError && error.code === 'catalogue_invalid') return error.message.split('\n')
    throw error
  }
  return []
}

describe('a document', () => {
  it.each<[string, string, unknown]>([
    ['YAML', 'a: 1\nb: [x, true, null]\n', { a: 1, b: ['x', true, null] }],
    ['JSON', '{"a": 1, "b": ["x", true, null]}', { a: 1, b: ['x', true, null] }],
    ['JSON with tabs', '{\n\t"a": {\n\t\t"b": 1\n\t}\n}', { a: { b: 1 } }],
    ['JSON with escapes', '{"a": "\\u00fc\\/\\n\\ud83e\\udd7e\\"{}"}', { a: 'ü/\n🥾"{}' }],
    ['text with a byte-order mark', '\ufeffa: 1', { a: 1 }],
    ['text with Windows line ends', 'a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['text with comments', '# first\na: 1 # second\n', { a: 1 }],
    ['nothing', '', null],
    ['only a comment', '# nothing yet\n', null],
  ])('may be %s', (_, text, value) => {
    expect(read(text).value).toEqual(value)
  })

  it.each([
    ['no', 'no'],
    ['yes', 'yes'],
    ['on', 'on'],
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z'],
    ['12:30', '12:30'],
    ['1_000', '1_000'],
  ])('means what it says, as YAML 1.2: %s is a text', (text, value) => {
    expect(read(`a: ${text}`).value).toEqual({ a: value })
  })

  it('may be a million characters long', () => {
    const long = 'x'.repeat(1 << 20)
    expect(read(`a: "${long}"`).value).toEqual({ a: long })
  })
})

describe('YAML that says less or more than it seems', () => {
  it.each<[string, string, string[]]>([
    [
      'a rule that begins with an exclamation mark, of which YAML would keep the half',
      'rule: !x && y',
      ['rules.yaml:1:7: the tag !x is not allowed; quote the rule or text that begins with "!"'],
    ],
    [
      'a tag that YAML knows',
      'a: !!str 1',
      [
        'rules.yaml:1:10: the tag tag:yaml.org,2002:str is not allowed; quote the rule or text that begins with "!"',
      ],
    ],
    [
      'an anchor',
      'a: &one 1',
      ['rules.yaml:1:9: anchors (&name) are not allowed; write the value out, or quote the text'],
    ],
    [
      'an anchor and its alias',
      'a: &one { b: 1 }\nc: *one',
      [
        'rules.yaml:1:9: anchors (&name) are not allowed; write the value out, or quote the text',
        'rules.yaml:2:4: aliases (*name) are not allowed; write the value out, or quote the text',
      ],
    ],
    [
      'an alias of what is not there',
      'a: *one',
      ['rules.yaml:1:4: aliases (*name) are not allowed; write the value out, or quote the text'],
    ],
    ['the same key twice', 'a: 1\nb: 2\na: 3', ['rules.yaml:3:1: "a" is written twice; keep one of them']],
    [
      'the same key twice in JSON',
      '{"a": 1,\n "a": 2}',
      ['rules.yaml:2:2: "a" is written twice; keep one of them'],
    ],
    [
      'a tab for indentation',
      'a:\n\tb: 1',
      [
        'rules.yaml:2:1: tabs are not allowed as indentation; mend the YAML here; put quotes around a text that holds : # ! & * or begins with { [ or a quote',
      ],
    ],
    [
      'a colon inside a text',
      'a: one: two',
      [
        'rules.yaml:1:4: nested mappings are not allowed in compact mappings; mend the YAML here; put quotes around a text that holds : # ! & * or begins with { [ or a quote',
      ],
    ],
    [
      'a second document',
      'a: 1\n---\nb: 2',
      [
        'rules.yaml:2:1: source contains multiple documents; mend the YAML here; put quotes around a text that holds : # ! & * or begins with { [ or a quote',
      ],
    ],
    [
      'a directive it does not know',
      '%FOO bar\n---\na: 1',
      [
        'rules.yaml:1:1: unknown directive %FOO; mend the YAML here; put quotes around a text that holds : # ! & * or begins with { [ or a quote',
      ],
    ],
    [
      'a key that is a list',
      '[a, b]: 1',
      [
        'rules.yaml:1:1: this cannot be a name here; write a plain text before the colon, and quote a text that begins with {',
      ],
    ],
    [
      'a key that is nothing',
      'a: 1\n: 2',
      ['rules.yaml:2:1: this cannot be a name here; write a plain text before the colon; __proto__ is none'],
    ],
    [
      'a key that would change the object it stands in',
      'a: { __proto__: { admin: true } }',
      ['rules.yaml:1:6: this cannot be a name here; write a plain text before the colon; __proto__ is none'],
    ],
  ])('is refused with its place: %s', (_, text, sentences) => {
    expect(refusals(() => read(text))).toEqual(sentences)
  })

  it.each([
    ['bad indentation', 'a:\n  - b: 1\n   c: 2'],
    ['an open list', 'a: [1, 2'],
    ['an open text', 'a: "x'],
    ['broken JSON', '{"a": 1,,}'],
  ])('is refused with a line and what to do: %s', (_, text) => {
    const sentences = refusals(() => read(text))
    expect(sentences.length).toBeGreaterThan(0)
    for (const sentence of sentences) expect(sentence).toMatch(/^rules\.yaml:\d+:\d+: .+; mend the YAML here/)
  })

  it('is told all at once', () => {
    expect(refusals(() => read('a: !x 1\nb: &y 2\nc: [\n  *z\n]\nd: !!str 1'))).toHaveLength(4)
  })
})

describe('nesting', () => {
  const nested = {
    lists: (depth: number) => `a: ${'['.repeat(depth)}${']'.repeat(depth)}`,
    maps: (depth: number) => '{"a":'.repeat(depth) + 1 + '}'.repeat(depth),
    blocks: (depth: number) => Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    'lists that never close': (depth: number) => '['.repeat(depth),
  }

  it.each(['lists', 'maps', 'blocks'] as const)('of %s may be 40 deep', (shape) => {
    expect(refusals(() => read(nested[shape](40)))).toEqual([])
  })

  it.each(Object.entries(nested))('of %s is refused before it can end the process', (_, write) => {
    for (const depth of [150, 700, 3000]) {
      expect(refusals(() => read(write(depth))).join('\n')).toMatch(
        /rules\.yaml:\d+:\d+: this is nested too deeply/,
      )
    }
  })
})

describe('a place', () => {
  const document = read('a:\n  - b: 1\n    c: [x, y]\n  - { d: 2 }\n7: e\n')

  it.each([
    [['a'], 'rules.yaml:1:1 (a)'],
    [['a', 0], 'rules.yaml:2:5 (a.0)'],
    [['a', 0, 'c'], 'rules.yaml:3:5 (a.0.c)'],
    [['a', 0, 'c', 1], 'rules.yaml:3:12 (a.0.c.1)'],
    [['a', 1, 'd'], 'rules.yaml:4:7 (a.1.d)'],
    [['7'], 'rules.yaml:5:1 (7)'],
    [[], 'rules.yaml:1:1'],
  ])('is that of the key or item: %j', (path, place) => {
    expect(document.place(path)).toBe(place)
  })

  it.each([
    [['a', 1, 'missing', 3], 'rules.yaml:4:5 (a.1.missing.3)'],
    [['missing'], 'rules.yaml:1:1 (missing)'],
    [['a', 9], 'rules.yaml:1:1 (a.9)'],
  ])('of what is not written is that of the innermost part that is: %j', (path, place) => {
    expect(document.place(path)).toBe(place)
  })

  it('in an empty document is the file', () => {
    expect(read('').place(['a'])).toBe('rules.yaml (a)')
  })
})

describe('a document held against a schema', () => {
  const schema = z.strictObject({
    when: z.union([z.string(), z.strictObject({ rule: z.string(), note: z.string() })], 'must be a rule'),
    count: z.int().min(1).max(9).default(1),
  })
  const check = (text: string) => refusals(() => parseAgainst(schema, read(text), 'catalogue_invalid'))

  it('comes back with its defaults', () => {
    expect(parseAgainst(schema, read('when: x'), 'catalogue_invalid')).toEqual({ when: 'x', count: 1 })
  })

  it.each<[string, string, string[]]>([
    [
      'one sentence per unknown key',
      'when: x\nwehn: 1\nwho: 2',
      [
        'rules.yaml:2:1 (wehn): unknown key "wehn"; remove it or correct its spelling',
        'rules.yaml:3:1 (who): unknown key "who"; remove it or correct its spelling',
      ],
    ],
    [
      'the nearest of several forms',
      'when: { rule: 1, note: x }',
      ['rules.yaml:1:9 (when.rule): this is not a text; make it a text'],
    ],
    ['all forms, where none is near', 'when: [x]', ['rules.yaml:1:1 (when): must be a rule; correct it']],
    ['what is missing', 'count: 2', ['rules.yaml:1:1 (when): this is missing; must be a rule']],
    ['a limit', 'when: x\ncount: 10', ['rules.yaml:2:1 (count): this is more than 9; at most 9']],
    [
      'an empty document',
      '',
      ['rules.yaml: this is not a map of names and values; make it a map of names and values'],
    ],
    [
      'a text where a map should be',
      'hello',
      ['rules.yaml:1:1: this is not a map of names and values; make it a map of names and values'],
    ],
    [
      'unknown keys in print, not in control characters',
      'when: x\n"a\\u0007b": 1',
      ['rules.yaml:2:1 (a\u0007b): unknown key "a�b"; remove it or correct its spelling'],
    ],
  ])('is told %s', (_, text, sentences) => {
    expect(check(text)).toEqual(sentences)
  })
})

describe('a file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-documents-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is read with its own name as the place', async () => {
    const file = join(folder, 'shop.yaml')
    await writeFile(file, 'a: 1\nb: *x')
    await expect(readDocumentFile(file, 'mapping_invalid')).rejects.toMatchObject({
      code: 'mapping_invalid',
      faults: [{ place: `${file}:2:4` }],
    })
  })

  it.each([
    ['is not there', 'nowhere.yaml', 'ENOENT'],
    ['is a folder', '.', 'EISDIR'],
  ])('that %s is refused with a sentence', async (_, name, code) => {
    const file = join(folder, name)
    await expect(readDocumentFile(file, 'catalogue_invalid')).rejects.toThrow(
      `${file}: the file cannot be read (${code}); check the path and its permissions`,
    )
  })
})
