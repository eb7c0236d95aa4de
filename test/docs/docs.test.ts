import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { catalogueDocumentSchema } from '../../src/catalogue/document.ts'
import { catalogueJsonSchema } from '../../src/catalogue/json-schema.ts'
import { CHANGE_KINDS } from '../../src/domain/change.ts'
import { ARMS, ROTATIONS } from '../../src/domain/experiment.ts'
import { EXPLORATION_METHODS } from '../../src/domain/exploration.ts'
import type { Sentence } from '../../src/domain/language.ts'
import { CHANGES, REASONS, SLATE_CODES } from '../../src/domain/reason-sentences.ts'
import { PERIODS } from '../../src/domain/volume.ts'
import { build, refusals } from '../catalogue/good-document.ts'
import { fencedBlocks, fencedLines, splitAtRemark } from './fenced-blocks.ts'
import { headingsOf, linksOf } from './markdown-links.ts'
import { outcomeForStranger, refusalsOf } from './rule-examples.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const catalogueDoc = read('docs/catalogue.md')
const rulesDoc = read('docs/rules.md')

describe('docs/catalogue.md', () => {
  const examples = fencedBlocks(catalogueDoc, 'yaml')
  const whole = examples.filter((text) => text.startsWith('schema:'))

  it('begins with a whole document', () => expect(examples[0]).toBe(whole[0]))
  test.each(whole)('builds without fault: %s', (text) => expect(refusals(text)).toEqual([]))

  const answers = fencedBlocks(catalogueDoc, 'text')
  const wrong = fencedBlocks(catalogueDoc, 'yaml-refused').map((text, i) => [text, answers[i]!] as const)
  it('shows wrong documents', () => expect(wrong.length).toBeGreaterThan(1))
  test.each(wrong)('tells the faults as they are told: %s', (text, answer) => {
    const told = refusals(text).map((line) => `  ${line}`)
    expect(answer.trimEnd().split('\n').slice(1)).toEqual(told)
  })

  test.each(Object.keys(catalogueDocumentSchema.shape))('has a section that tells of %s', (key) => {
    expect(headingsOf(catalogueDoc).some((heading) => heading.includes(`\`${key}\``))).toBe(true)
  })

  test.each(keysIn(catalogueJsonSchema()))('explains the key %s', (key) => {
    expect(inlineCode(catalogueDoc)).toContain(key)
  })

  it('names all that is not in effect, and nothing else', () => {
    const example = read('test/catalogue/whole-example.yaml')
    const told = build(example).notices.flatMap(
      (notice) =>
        /^(.+?)(?: \(\d+\))? (?:is|are) checked and kept, and not in effect/.exec(notice)?.[1] ?? [],
    )
    const [, section] = /^## Not in effect yet\n([\s\S]*?)^## /m.exec(catalogueDoc)!
    const named = [...section!.matchAll(/^\| `?([^`|]+?)`? +\|/gm)].map(([, name]) => name!)
    expect(named.slice(1).filter((name) => !/^-+$/.test(name))).toEqual(told)
  })
})

describe('docs/reasons.md', () => {
  const rows = read('docs/reasons.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| |`| \|$/g, '').trim()))

  it('tells every code with its sentences, and no other', () => {
    const sentences = Object.entries<Sentence>({ ...REASONS, ...SLATE_CODES, ...CHANGES })
    const told = Object.fromEntries(rows.map(([code, en, de]) => [code, { en, de }]))
    expect(rows).toHaveLength([REASONS, SLATE_CODES, CHANGES].flatMap((list) => Object.keys(list)).length)
    for (const [code, sentence] of sentences) expect(told[code!], code).toEqual(sentence)
  })
})

describe('docs/choosing.md', () => {
  const doc = read('docs/choosing.md')
  test.each(fencedBlocks(doc, 'yaml'))('builds without fault: %s', (text) =>
    expect(refusals(text)).toEqual([]),
  )

  it('names every method, arm and status', () => {
    const named = inlineCode(doc)
    for (const name of [...EXPLORATION_METHODS, ...ARMS, ...ROTATIONS]) expect(named).toContain(name)
    for (const status of ['filled', 'partial', 'fallback', 'empty']) expect(named).toContain(status)
  })
})

describe('docs/volumes.md', () => {
  const doc = read('docs/volumes.md')
  test.each(fencedBlocks(doc, 'yaml'))('builds without fault: %s', (text) =>
    expect(refusals(text)).toEqual([]),
  )

  it('names every period and every code that volumes give', () => {
    const named = inlineCode(doc)
    const codes = ['volume_used_up', 'volumes_used_up', 'unchecked'] satisfies (
      | keyof typeof REASONS
      | keyof typeof SLATE_CODES
    )[]
    for (const name of [...PERIODS, ...codes]) expect(named).toContain(name)
  })
})

describe('docs/contacts.md', () => {
  const doc = read('docs/contacts.md')
  test.each(fencedBlocks(doc, 'yaml'))('builds without fault: %s', (text) =>
    expect(refusals(text)).toEqual([]),
  )

  it('names every reason that consent, quiet hours, wishes and contact policy give', () => {
    const codes = [
      'no_consent',
      'consent_refused',
      'address_unsure',
      'quiet_hours',
      'topic_refused',
      'paused',
    ]
    const named = inlineCode(doc)
    for (const code of [...codes, 'pace_reached', 'capped', 'suppressed', 'asked_for_later', 'unchecked'])
      expect(named).toContain(code)
    for (const kind of CHANGE_KINDS) expect(named).toContain(kind)
  })
})

describe('docs/rules.md', () => {
  const [declarations] = fencedBlocks(rulesDoc, 'yaml')
  const lines = (language: string) => fencedLines(rulesDoc, language)

  it('shows examples of every kind', () => {
    expect(lines('cel').length).toBeGreaterThanOrEqual(15)
    for (const kind of ['cel-value', 'cel-refused', 'cel-outcomes'])
      expect(lines(kind).length, kind).toBeGreaterThan(0)
  })
  test.each(lines('cel'))('is taken: %s', (rule) => expect(refusalsOf(declarations!, rule)).toEqual([]))
  test.each(lines('cel-value'))('is taken as a number: %s', (rule) =>
    expect(refusalsOf(declarations!, rule, 'value')).toEqual([]),
  )
  test.each(lines('cel-refused').map(splitAtRemark))('is refused: %s', (rule, sentence) =>
    expect(refusalsOf(declarations!, rule)[0]).toBe(sentence),
  )
  test.each(lines('cel-outcomes').map(splitAtRemark))('comes to what is told: %s', (rule, outcome) =>
    expect(outcomeForStranger(declarations!, rule)).toBe(outcome),
  )

  it('names every function, method and macro', () => {
    const names = namesOfLanguage()
    expect(names).toEqual(expect.arrayContaining(['size', 'getFullYear', 'exists_one', 'has']))
    const code = inlineCode(rulesDoc)
    expect(names.filter((name) => !code.includes(name))).toEqual([])
  })

  test.each(limitsInCode())('tells the limit %s: %i', (_name, limit) =>
    expect(/^## Limits\n([\s\S]*?)^## /m.exec(rulesDoc)![1]).toMatch(
      new RegExp(`(?<![\\d,])${limit.toLocaleString('en')}(?![\\d,])`),
    ),
  )
})

describe('relative links', () => {
  const files = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (/\.md$/.test(name) ? [`docs/${name}`] : [])),
  ]
  const links = files.flatMap((file) => linksOf(read(file)).map((link) => [file, link] as const))

  it('are found', () => expect(links.length).toBeGreaterThan(10))
  test.each(links)('%s leads to %s', (file, link) => {
    const [path, anchor] = link.split('#') as [string, string?]
    const target = path === '' ? file : join(dirname(file), path)
    expect(existsSync(join(ROOT, target)), target).toBe(true)
    if (anchor !== undefined) expect(headingsOf(read(target)).map(anchorOf)).toContain(anchor)
  })
})

/** Text between backticks outside of fenced blocks, in one. */
function inlineCode(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code!.match(/\w+/g) ?? [])
}

/** How a heading is named in links. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

/** Every key that a JSON Schema knows, at any depth. */
function keysIn(schema: object): string[] {
  const keys = new Set<string>()
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { properties } = node as { properties?: object }
    for (const key of Object.keys(properties ?? {})) keys.add(key)
    for (const inner of Object.values(node)) walk(inner)
  }
  walk(schema)
  return [...keys]
}

/** What the rule language calls its functions: the keys of its tables, as they are written in the code. */
function namesOfLanguage(): string[] {
  const functions = read('src/rules/functions.ts')
  const table = (name: string) =>
    new RegExp(`^const ${name}\\b.*= \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(functions)![1]!
  const keys = (text: string) => [...text.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key!)
  const macros = /const NAMES = \[(.*)\]/.exec(read('src/rules/macros.ts'))![1]!
  return [...keys(table('SIGNATURES')), ...keys(table('CALENDAR')), ...macros.match(/\w+/g)!, 'has']
}

/** Limits as they are written in the code. */
function limitsInCode(): [string, number][] {
  const code = ['parse', 'cost', 'compile-rule'].map((name) => read(`src/rules/${name}.ts`)).join('\n')
  const found = [...code.matchAll(/(?:const |^ {2})((?:LONGEST|MOST|max)\w+)(?: =|:) ([\d_]+)/gm)]
  return found
    .filter(([, name]) => name !== 'maxMapEntries')
    .map(([, name, limit]) => [name!, Number(limit!.replaceAll('_', ''))])
}
