import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { readDocument } from '../../src/documents/read-parts.ts'
import { EmmaError } from '../../src/domain/errors.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emma-parts-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const BASE =
  'schema: emma/v1\nplacements: [{ id: hero, channel: web }]\ntypes: { customer: { age: number } }\n'
const boots = (id: string, placement = 'hero') =>
  `  - { id: ${id}, treatments: [{ id: t, for: [${placement}], content: { en: Hi } }] }\n`

async function build(parts: Record<string, string>) {
  for (const [name, text] of Object.entries(parts)) await writeFile(join(folder, name), text)
  try {
    return buildCatalogue(await readDocument(folder, 'catalogue_invalid'))
  } catch (error) {
    if (!(error instanceof EmmaError)) throw error
    return error.message.replaceAll(`${folder}/`, '').split('\n')
  }
}

describe('a folder of parts', () => {
  it('is the same document, of the same version, as one file', async () => {
    const inParts = await build({
      'a.yaml': BASE,
      'b-shoes.yml': `actions:\n${boots('boots')}${boots('clogs')}`,
      'c.json': '{"schema": "emma/v1", "types": {"customer": {"vip": "bool"}}, "actions": []}',
      'd-hats.yaml': `actions:\n${boots('hat')}`,
      'notes.txt': 'not a part',
    })
    const file = join(folder, 'one')
    await writeFile(
      file,
      `${BASE.replace('age: number', 'vip: bool, age: number')}actions:\n${boots('hat')}${boots('clogs')}${boots('boots')}`,
    )
    const inOne = buildCatalogue(await readDocument(file, 'catalogue_invalid'))
    expect(inParts).toMatchObject({
      version: inOne.version,
      actions: [{ id: 'boots' }, { id: 'clogs' }, { id: 'hat' }],
    })
  })

  it('tells a fault by the file, line and column of its part', async () => {
    expect(
      await build({
        'a.yaml': BASE,
        'b.yaml': `actions:\n${boots('boots')}${boots('clogs', 'footer')}`,
        'c.yaml': `# hats\nactions:\n${boots('hat', 'cellar')}${boots('boots')}`,
      }),
    ).toEqual([
      'b.yaml:3:46 (actions.1.treatments.0.for.0): placement "footer" is not in the catalogue; use one of hero, or declare it under placements',
      'c.yaml:3:44 (actions.0.treatments.0.for.0): placement "cellar" is not in the catalogue; use one of hero, or declare it under placements',
      'c.yaml:4:7 (actions.1.id): a second action is called "boots"; give each its own id',
    ])
  })

  it('places unknown keys and wrong values of any section in their part', async () => {
    const sentences = await build({
      'a.yaml': `${BASE}actions:\n${boots('a')}`,
      'b.yaml': 'types:\n  customer: { name: text }\nvolume: 3\n',
    })
    expect(sentences).toEqual([
      expect.stringMatching(/^b\.yaml:2:15 \(types\.customer\.name\)/),
      expect.stringMatching(/^b\.yaml:3:1 \(volume\): unknown key/),
    ])
  })

  it.each([
    [
      'two parts that say a thing differently',
      { 'a.yaml': BASE, 'b.yaml': 'types: { customer: { age: string } }' },
      /^b\.yaml:1:22 \(types\.customer\.age\): another part says this too, and otherwise/,
    ],
    ['a part that is a list', { 'a.yaml': BASE, 'b.yaml': '- 1' }, /^b\.yaml.*not a map of sections/],
    [
      'a part that is no YAML',
      { 'a.yaml': BASE, 'b.yaml': 'actions: !x y', 'c.yaml': '{' },
      /^b\.yaml:1:10: .*tag/,
    ],
    ['no parts at all', {}, /has no \.yaml or \.json files/],
  ])('is refused for %s', async (_, parts, sentence) => {
    expect((await build(parts as Record<string, string>)) as string[]).toEqual(
      expect.arrayContaining([expect.stringMatching(sentence)]),
    )
  })

  it('does not take a folder called x.yaml for a part', async () => {
    await mkdir(join(folder, 'x.yaml'))
    expect(await build({ 'a.yaml': `${BASE}actions:\n${boots('a')}` })).toEqual([
      expect.stringContaining('the file cannot be read (EISDIR)'),
    ])
  })
})
