import { describe, expect, it } from 'vitest'
import { parseWritten, type WrittenDocument } from '../../src/documents/read-document.ts'
import { mergeParts } from '../../src/documents/read-parts.ts'

const read = (text: string, file = 'shop.yaml') => parseWritten(text, file, 'catalogue_invalid')

/** Where the written document says that `mark` stands, read back from the file: what stands there. */
function foundAt(text: string, mark: string): string {
  const written = read(text)
  const rule = (written.value as { rule: string }).rule
  const place = written.within(['rule'], rule.indexOf(mark))
  const [, line, column] = /^shop\.yaml:(\d+):(\d+) \(rule\)$/.exec(place)!
  return text.split('\n')[Number(line) - 1]!.slice(Number(column) - 1)
}

describe('a place within a text', () => {
  it.each<[string, string, string]>([
    ['plain', 'rule: a == b && XX', 'XX'],
    ['plain, in a flow map', '{ x: 1, rule: a && XX }', 'XX }'],
    ['plain on several lines', 'rule: a &&\n  b ||\n\n  XX', 'XX'],
    ['plain, at the first of several lines', 'rule: a XX\n  b', 'XX'],
    ['in single quotes', "rule: 'a == b && XX'", "XX'"],
    ['in single quotes that are doubled', "rule: 'a == ''b'' && XX'", "XX'"],
    ['in single quotes on several lines', "rule: 'a\n  ''b''\n  XX'", "XX'"],
    ['in double quotes', 'rule: "a && XX"', 'XX"'],
    ['in double quotes with escapes', 'rule: "a == \\"b\\" \\u00fc\\x41\\U0001f97e\\t && XX"', 'XX"'],
    ['in double quotes on several lines', 'rule: "a &&  \n\n   b\n   XX"', 'XX"'],
    ['in double quotes over an escaped line end', 'rule: "a \\\n   b \\\n   XX"', 'XX"'],
    ['in JSON', '{"x": 1,\n "rule": "a\\nb && XX"}', 'XX"}'],
    ['literal', 'rule: |\n  a &&\n  b &&\n    XX\n', 'XX'],
    ['literal without its last line end', 'rule: |-\n  a &&\n\n  XX\n', 'XX'],
    ['literal with all its line ends', 'rule: |+\n  a &&\n  XX\n\n\nx: 1\n', 'XX'],
    ['literal with a comment in its head', 'rule: | # why\n  a &&\n  XX\n', 'XX'],
    ['literal, after empty lines', 'rule: |\n\n\n  a\n  XX\n', 'XX'],
    ['folded', 'rule: >\n  a &&\n  b &&\n  XX\n', 'XX'],
    ['folded, with paragraphs', 'rule: >-\n  a\n  b\n\n\n  c XX\n', 'XX'],
    ['folded, with indented lines', 'rule: >\n  a\n    b\n    c\n  d\n\n  e XX\n', 'XX'],
    ['with Windows line ends', 'rule: >\r\n  a &&\r\n  XX\r\n', 'XX\r'],
    ['after letters of two code units', 'rule: a == "🥾" && XX', 'XX'],
  ])('is exact where the text is %s', (_, text, found) => {
    expect(foundAt(text, 'XX')).toBe(found)
  })

  it('just after its last character is the end of the text', () => {
    expect(read('rule: a &&').within(['rule'], 4)).toBe('shop.yaml:1:11 (rule)')
    expect(read('rule: "a\\tb" # why').within(['rule'], 3)).toBe('shop.yaml:1:12 (rule)')
    expect(read('rule: ""').within(['rule'], 0)).toBe('shop.yaml:1:7 (rule)')
  })

  it('is the start of the text where the way back is not sure', () => {
    expect(read('rule: |2\n  a\n  XX\n').within(['rule'], 2)).toBe('shop.yaml:1:7 (rule)')
    expect(read('rule: 1.50').within(['rule'], 1)).toBe('shop.yaml:1:7 (rule)')
  })

  it('of what is no text, or not written, is the place of the innermost part that is', () => {
    expect(read('a:\n  rule: [x]').within(['a', 'rule'], 1)).toBe('shop.yaml:2:3 (a.rule)')
    expect(read('a:\n  b: 1').within(['a', 'rule'], 1)).toBe('shop.yaml:1:1 (a.rule)')
  })

  it('leads to the part that holds the text', () => {
    const merged: WrittenDocument = mergeParts(
      [
        read('actions: [{ when: a }]\nmore: { x: one }', 'a.yaml'),
        read('actions:\n  - when: >\n      b &&\n      XX\nmore: { y: two }', 'b.yaml'),
      ],
      'catalogue_invalid',
    )
    expect(merged.within(['actions', 0, 'when'], 0)).toBe('a.yaml:1:19 (actions.0.when)')
    expect(merged.within(['actions', 1, 'when'], 5)).toBe('b.yaml:4:7 (actions.0.when)')
    expect(merged.within(['more', 'y'], 2)).toBe('b.yaml:5:14 (more.y)')
  })
})
