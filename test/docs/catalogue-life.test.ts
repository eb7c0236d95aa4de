import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emma } from '../cli/run-emma.ts'
import { fencedBlocks } from './fenced-blocks.ts'

const doc = await readFile(new URL('../../docs/catalogue.md', import.meta.url), 'utf8')
const example = fencedBlocks(doc, 'yaml')[0]!
/** What stands under `$ npx emma …`, with the command. */
const sessions = fencedBlocks(doc, '').map((text) => {
  const [, command, answer] = /^\$ npx emma (.*)\n([\s\S]*)$/.exec(text)!
  return { command: command!, answer: answer! }
})
const sessionOf = (command: string) => sessions.find((session) => session.command.startsWith(command))!

describe('what docs/catalogue.md shows of the command line', () => {
  let folder: string
  const run = (...args: string[]) => emma(args, { STORE_URL: `embedded:${join(folder, 'store')}` }, folder)
  const write = (text: string) => writeFile(join(folder, 'my-shop.yaml'), text)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-docs-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is what check prints of the short example', async () => {
    await write(example)
    expect(await run('catalogue', 'check', 'my-shop.yaml')).toMatchObject({
      code: 0,
      out: sessionOf('catalogue check').answer,
    })
  })

  it('is what publish prints of its next version', async () => {
    await write(example)
    await run('catalogue', 'publish', 'my-shop.yaml')
    await write(
      example.replace('value: 12.5', 'value: 14').replace('Warm feet, price', 'Warm feet all winter, price'),
    )
    const { out } = await run('catalogue', 'publish', 'my-shop.yaml', '--note', 'dearer boots')
    expect(out).toBe(sessionOf('catalogue publish').answer)
  })
})
