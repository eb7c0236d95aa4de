import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprint } from '../../src/sample/fingerprint.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emma-fingerprint-'))
  await mkdir(join(folder, 'shop'))
  await writeFile(join(folder, 'actions.ts'), 'code')
  await writeFile(join(folder, 'shop', 'actions-1-care.yaml'), 'care')
})
afterEach(() => rm(folder, { recursive: true }))

describe('the fingerprint of what the sample is made from', () => {
  it('stays while nothing changes', async () => {
    const before = await fingerprint([folder])
    expect(before).toMatch(/^[0-9a-f]{12}$/)
    await writeFile(join(folder, 'actions.ts'), 'code')
    expect(await fingerprint([folder])).toBe(before)
  })

  it.each<[string, () => Promise<void>]>([
    ['a file', () => writeFile(join(folder, 'actions.ts'), 'other code')],
    ['a file in a folder below', () => writeFile(join(folder, 'shop', 'actions-1-care.yaml'), 'more care')],
    ['a name', () => rename(join(folder, 'actions.ts'), join(folder, 'contacts.ts'))],
    [
      'a name in a folder below',
      () => rename(join(folder, 'shop', 'actions-1-care.yaml'), join(folder, 'shop', 'actions-9-care.yaml')),
    ],
    ['the number of files', () => writeFile(join(folder, 'shop', 'channels.yaml'), 'web')],
  ])('changes with %s', async (_what, change) => {
    const before = await fingerprint([folder])
    await change()
    expect(await fingerprint([folder])).not.toBe(before)
  })
})
