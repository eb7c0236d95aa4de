import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { build, goodBut, refusals } from './good-document.ts'

const EXAMPLE = readFileSync(new URL('./whole-example.yaml', import.meta.url), 'utf8')

/** Every key of the whole format that this version does not know yet, by path. */
const LATER = [
  'purposes',
  'identities',
  'blocks',
  'contactPolicies',
  'volumes',
  'arbitration',
  'exploration',
  'experiments',
  'attribution',
  'defaults.historyHorizon',
  'channels.web.confirmOn',
  'channels.web.holdFor',
  'channels.email.confirmOn',
  'channels.email.holdFor',
  'channels.email.quietHours',
  'models.0.where',
  'models.0.challenger',
  'groups.0.maxPerSlate',
  'actions.0.lever',
  'actions.0.eligibility',
  'actions.0.applicability',
  'actions.0.suitability',
  'actions.0.purpose',
  'actions.0.claims',
  'actions.0.treatments.0.needs',
  'actions.0.treatments.0.otherwise',
]
const TEMPLATES = ['actions.0.treatments.0.content.de', 'actions.0.treatments.0.content.en']

type Node = Record<string, unknown>

function without(document: Node, path: string): void {
  const steps = path.split('.')
  const last = steps.pop()!
  delete steps.reduce((node, step) => node[step] as Node, document)[last]
}

/** Every path at which something is written, lists and maps included. */
function pathsOf(value: unknown, path = ''): string[] {
  if (value === null || typeof value !== 'object') return [path]
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, path === '' ? key : `${path}.${key}`)),
  ]
}

describe('the whole format', () => {
  const sentences = refusals(EXAMPLE)

  it.each(LATER)('has %s, which is refused by name with what it would mean', (path) => {
    const key = path.split('.').at(-1)
    const told = sentences.filter((sentence) => sentence.includes(`(${path}):`))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(
      new RegExp(
        `^shop\\.yaml:\\d+:\\d+ \\(.*\\): "${key}" \\([a-z ,]+\\) is not supported by this version; remove it$`,
      ),
    )
  })

  it.each(TEMPLATES)('has a template at %s, which is refused', (path) => {
    expect(sentences).toContainEqual(
      expect.stringMatching(`\\(${path}\\): templates .* are not supported by this version; correct it$`),
    )
  })

  it('is refused for nothing else', () => {
    expect(sentences).toHaveLength(LATER.length + TEMPLATES.length)
  })

  it('is told where each key stands', () => {
    const lines = EXAMPLE.split('\n')
    for (const sentence of sentences) {
      const [, line, column, key] = /^shop\.yaml:(\d+):(\d+) \((?:[^)]*\.)?([^.)]+)\)/.exec(sentence)!
      expect(lines[Number(line) - 1]!.slice(Number(column) - 1)).toMatch(new RegExp(`^${key}:`))
    }
  })

  it('is accepted without these keys, and ignores nothing of what is left', () => {
    const document = parse(EXAMPLE) as Node
    for (const path of [...LATER, ...TEMPLATES]) without(document, path)
    const content = document.actions as { treatments: { content: Node }[] }[]
    content[0]!.treatments[0]!.content.de = 'Warme Füße'
    expect(refusals(stringify(document))).toEqual([])

    const { version } = build(stringify(document))
    for (const path of pathsOf(document).slice(1)) {
      const less = structuredClone(document)
      without(less, path)
      const text = stringify(less)
      if (refusals(text).length === 0 && !WRITTEN_DEFAULTS.includes(path))
        expect(build(text).version, path).not.toBe(version)
    }
  })
})

/** What the example writes although it is the default. */
const WRITTEN_DEFAULTS = [
  'defaults.currency',
  'channels.web',
  'channels.web.direction',
  'placements.0.contentType',
  'target',
  'actions.0.status',
  'actions.0.kind',
  'actions.0.tier',
]

describe('a key of the whole format in another place', () => {
  it.each([
    ['kind: offer', 'maxPerSlate: 1', 'maxPerSlate'],
    ['order: 1', 'lever: 1', 'lever'],
  ])('is only unknown: %s written as %s', (passage, written, key) => {
    expect(refusals(goodBut(passage, written))).toEqual([expect.stringContaining(`unknown key "${key}"`)])
  })
})
