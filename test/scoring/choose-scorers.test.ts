import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { Model } from '../../src/ports/scorer.ts'
import { chooseScorers } from '../../src/scoring/choose-scorers.ts'
import { unseenNote } from '../../src/scoring/unseen-note.ts'
import { makeFakeScorer } from '../decide/fake-scorer.ts'
import { sumManifest, writeModel } from './model-folders.ts'

/** Sessions that were opened, and how often each was released; the one with this number fails as none should. */
const sessions = vi.hoisted(() => ({ released: [] as number[], fails: -1 }))
vi.mock('../../src/scoring/onnx-session.ts', async (original) => {
  const { openOnnxSession } = await original<typeof import('../../src/scoring/onnx-session.ts')>()
  return {
    openOnnxSession(...given: Parameters<typeof openOnnxSession>) {
      if (sessions.released.length === sessions.fails) throw new Error('no memory is left')
      const session = openOnnxSession(...given)
      const number = sessions.released.push(0) - 1
      return {
        ...session,
        release() {
          sessions.released[number]!++
          return session.release()
        },
      }
    },
  }
})

let models: string
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'emma-models-'))
  sessions.released.length = 0
  sessions.fails = -1
})
afterEach(() => rm(models, { recursive: true, force: true }))

/** A catalogue that names `sum`, or `sum next` with a challenger. */
function shop(named = 'sum', within = '7d') {
  const [id, challenger] = named.split(' ')
  const document = {
    schema: 'emma/v1',
    target: { outcome: 'conversion', within },
    ...(named === ''
      ? {}
      : { models: [{ id, ...(challenger && { challenger: { id: challenger, share: 0 } }) }] }),
    placements: [{ id: 'home', channel: 'web' }],
    actions: ['boots', 'scarf'].map((id) => ({
      id,
      treatments: [{ id: 't', for: ['home'], content: { en: id } }],
    })),
  }
  return buildCatalogue(parseWritten(JSON.stringify(document), 'catalogue.json', 'catalogue_invalid'))
}

const write = (id: string, change: object = {}) =>
  writeModel(models, { manifest: { ...sumManifest(), name: id, ...change } }, id)

describe('choosing the scorers', () => {
  it('takes the model that the catalogue names, and its challenger', async () => {
    await write('sum')
    await write('next')
    const chosen = await chooseScorers(shop('sum next'), models)
    expect(chosen).toMatchObject({
      scorer: { version: expect.stringMatching(/^sum\/1@/) },
      challenger: { version: expect.stringMatching(/^next\/1@/) },
      degraded: [],
      troubles: { champion: null, challenger: null },
    })
    expect([...chosen.models]).toEqual([
      ['sum', chosen.scorer],
      ['next', chosen.challenger],
    ])
    expect(sessions.released).toEqual([0, 0])
    await chosen.closeLoaded()
    expect(sessions.released).toEqual([1, 1])
  })

  it('takes the prior by choice where the catalogue names no model', async () => {
    const chosen = await chooseScorers(shop(''), models)
    expect(chosen.scorer.version).toBe('prior')
    expect([chosen.challenger, chosen.degraded, chosen.models.size]).toEqual([null, [], 0])
  })

  const BAD: [string, () => Promise<unknown>][] = [
    ['is missing', async () => {}],
    ['is corrupt', () => writeModel(models, { golden: '[]' }, 'bad')],
    ['answers other than its golden rows', () => writeModel(models, { onnx: 'log.onnx' }, 'bad')],
    [
      'predicts another target',
      () => write('bad', { target: { outcome: 'conversion', within: '30d', given: 'impression' } }),
    ],
  ]

  it.each(BAD)('takes the prior, degraded and with the trouble told, when the model %s', async (_, make) => {
    await make()
    await write('next')
    const {
      scorer,
      challenger,
      degraded,
      troubles,
      models: open,
    } = await chooseScorers(shop('bad next'), models)
    expect([scorer.version, degraded]).toEqual(['prior', ['model_unavailable']])
    expect([troubles.champion?.code, troubles.challenger]).toEqual(['model_invalid', null])
    expect([[...open.keys()], challenger?.version.slice(0, 5)]).toEqual([['next'], 'next/'])
    // What was opened in vain is closed, what serves is not.
    expect(sessions.released.at(-1)).toBe(0)
    expect(sessions.released.slice(0, -1).every((times) => times === 1)).toBe(true)
  })

  it.each(BAD)('leaves the model as it is when its challenger %s', async (_, make) => {
    await make()
    await write('sum')
    const {
      scorer,
      challenger,
      degraded,
      troubles,
      models: open,
    } = await chooseScorers(shop('sum bad'), models)
    expect([scorer.version.slice(0, 4), challenger, degraded]).toEqual(['sum/', null, []])
    expect([troubles.champion, troubles.challenger?.code]).toEqual([null, 'model_invalid'])
    expect([...open.keys()]).toEqual(['sum'])
    expect(sessions.released[0]).toBe(0)
    expect(sessions.released.slice(1).every((times) => times === 1)).toBe(true)
  })

  it('loads nothing that is lent, and closes nothing of it', async () => {
    await write('next')
    const lent: Model = { ...makeFakeScorer(), close: () => expect.unreachable() }
    const chosen = await chooseScorers(shop('sum next'), models, new Map([['sum', lent]]))
    expect(chosen.scorer).toBe(lent)
    expect(chosen.models.get('sum')).toBe(lent)
    await chosen.closeLoaded()
    expect(sessions.released).toEqual([1])
    const again = await chooseScorers(shop('next sum'), models, new Map([['sum', lent]]))
    expect(again.challenger).toBe(lent)
    await again.closeLoaded()
    expect(sessions.released).toEqual([1, 1])
  })

  it('leaves nothing open when loading fails as it never should', async () => {
    await write('sum')
    await write('next')
    sessions.fails = 1
    await expect(chooseScorers(shop('sum next'), models)).rejects.toThrow()
    expect(sessions.released).toEqual([1])
  })
})

describe('the note on actions that a model never saw', () => {
  it('names them, and is none where it saw all or does not tell', async () => {
    const { actions } = shop()
    const note = async (evidence?: object) => {
      await write('sum', evidence && { evidence })
      return unseenNote(models, 'sum', actions)
    }
    expect(await note()).toBeNull()
    expect(await note({ actions: { boots: 3 }, others: 1 })).toBeNull()
    expect(await note({ actions: { boots: 3, scarf: 0 }, others: 1 })).toBe(
      'model sum never saw 1 of 2 actions (scarf): minPropensity does not hold them back',
    )
    expect(await note({ actions: {} })).toContain('2 of 2 actions (boots, scarf)')
  })
})
