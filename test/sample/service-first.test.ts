import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose, type Emma } from '../../src/compose.ts'
import { loadSettings } from '../../src/config/load.ts'
import type { CustomerId } from '../../src/domain/ids.ts'
import { TIERS } from '../../src/domain/tier.ts'
import { ask } from '../decide/make-house.ts'

/** The first so many of the sample shop’s customers. */
const CUSTOMERS = 400

describe('the sample shop', () => {
  let folder: string
  let emma: Emma
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-sample-'))
    const settings = loadSettings(undefined, { STORE_URL: `embedded:${folder}` })
    emma = await compose(settings, { onProgress: () => {}, onNotice: () => {}, onTrouble: () => {} })
  })
  afterAll(async () => {
    await emma.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('puts service before sale because of tiers: no activity is worth what it goes before', async () => {
    let dearer = 0
    for (let i = 0; i < CUSTOMERS; i++) {
      const customer = `c-${String(i).padStart(4, '0')}` as CustomerId
      const at = Date.parse('2026-11-01T09:00:00Z')
      const decision = await emma.decide(
        ask({ customer, slates: { 'home-hero': 3 }, mode: 'dry-run', at, explain: 'codes' }),
      )
      const permitted = decision.verdicts.filter(({ status }) => status !== 'refused')
      const tiers = permitted.map(({ action }) => TIERS.indexOf(action.tier))
      const [first] = decision.slates[0]!.items
      if (first === undefined) continue
      expect(TIERS.indexOf(first.action.tier), customer).toBe(Math.min(...tiers))
      if (first.action.tier === 'marketing') continue
      const { actions, positionOf } = emma.serving().catalogue
      expect(actions[positionOf.get(first.action.id)!]!.value).toBe(1)
      if (permitted.some(({ priority }) => priority! > first.priority)) dearer++
    }
    expect(dearer).toBeGreaterThan(10)
  })
})
