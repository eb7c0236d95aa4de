import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { breaches, runStress } from './run-stress.ts'

it('sixteen processes grant what there is, and no more: embedded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emma-stress-store-'))
  try {
    const report = await runStress(`embedded:${folder}`, 16, 500, 1)
    expect(breaches(report), JSON.stringify({ ...report, over: [], unlikeLedgers: [] })).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}, 600_000)
