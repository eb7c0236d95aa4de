import { describe, expect, it } from 'vitest'
import { fillSlates } from '../../../src/decide/fill.ts'
import type { Slate } from '../../../src/domain/decision.ts'
import { makeFakeScorer } from '../fake-scorer.ts'
import { action, makeCatalogue } from '../make-catalogue.ts'
import { scoreOnce, withSeeds } from './score-once.ts'
import { deviations, TOO_FAR } from './statistics.ts'

/** For each of two shops, so 100,000 for each method. */
const PERSONS = 50_000

interface Branch {
  /** What was told of each action that may come next. */
  readonly told: Map<string, number>
  readonly times: Map<string, number>
}

/** Slates of three in one placement and two in another, in the order in which they are filled. */
const FILLED = ['hero', 'footer']
const placements = [
  { id: 'footer', channel: 'web', order: 1, allowRepeats: true },
  { id: 'hero', channel: 'web', order: 0 },
]
const everywhere = { in: FILLED }
const groups = [{ id: 'shoes', maxPerSlate: 1 }, { id: 'wool' }]

/** Equals, one that is better, and two shoes of which a slate shows one. */
const shelf = [
  action('boots', { ...everywhere, group: 'shoes', value: 2 }),
  action('shoes', { ...everywhere, group: 'shoes', value: 2 }),
  action('scarf', { ...everywhere, value: 2 }),
  action('novel', { ...everywhere, value: 0.5 }),
]
/** Languages that not all speak, a cap that one answer uses up, and a tier above. */
const bilingual = [
  action('sorry', { in: ['footer'], tier: 'service' }),
  action('boots', { ...everywhere, group: 'shoes', says: { en: 'x' }, value: 2 }),
  action('scarf', { ...everywhere, group: 'wool', value: 2 }),
  action('socks', { ...everywhere, group: 'wool', says: { de: 'x', en: 'x' } }),
  action('novel', { ...everywhere, says: { de: 'x', en: 'x' } }),
]
const capped = {
  contactPolicies: [{ id: 'wool', where: { group: 'wool' }, per: 'group', max: 1, window: '24h' }],
}

const scorer = makeFakeScorer({ socks: 0.04 }, 0.02, { boots: 30, shoes: 4, scarf: 0, novel: 2, socks: 9 })

/** All that came out for so many persons, along what was shown before. */
async function draw(actions: readonly object[], more: object) {
  const catalogue = makeCatalogue(actions, { placements, groups, ...more })
  const question = { slates: { footer: 2, hero: 3 }, explain: 'none' }
  const { situation, candidates } = await scoreOnce(catalogue, question, scorer)
  const tree = new Map<string, Branch>()
  const answers = new Map<string, { joint: number; times: number }>()
  for (let person = 0; person < PERSONS; person++) {
    const { slates } = fillSlates(candidates, withSeeds(situation, person))
    let path = ''
    let joint = 1
    for (const { placement, items, selectionProbability } of inOrder(slates)) {
      path += `|${placement.id}`
      joint *= selectionProbability!
      for (const item of items) {
        const branch = tree.get(path) ?? { told: new Map(), times: new Map() }
        tree.set(path, branch)
        const id = item.action.id
        const known = branch.told.get(id) ?? item.selectionProbability
        // Equals are summed up in another order for every person.
        if (Math.abs(known - item.selectionProbability) > 1e-12)
          expect(item.selectionProbability, `${path}/${id}`).toBe(known)
        branch.told.set(id, known)
        branch.times.set(id, (branch.times.get(id) ?? 0) + 1)
        path += `/${id}`
      }
    }
    const answer = answers.get(path) ?? { joint, times: 0 }
    answers.set(path, answer)
    answer.times++
  }
  return { tree, answers }
}

function inOrder(slates: readonly Slate[]): Slate[] {
  return FILLED.map((id) => slates.find(({ placement }) => placement.id === id)!)
}

/** Too few for a normal distribution say nothing one by one; all of them together do. */
function expectFrequency(counts: readonly { at: string; times: number; of: number; told: number }[]) {
  const rare = { times: 0, expected: 0 }
  for (const { at, times, of, told } of counts) {
    if (told === 1) expect(times, at).toBe(of)
    else if (Math.min(told, 1 - told) * of >= 25)
      expect(deviations(times, of, told), `${at} ${times} of ${of} at ${told}`).toBeLessThan(TOO_FAR)
    else {
      rare.times += times
      rare.expected += of * told
    }
  }
  expect(Math.abs(rare.times - rare.expected)).toBeLessThan(TOO_FAR * Math.sqrt(rare.expected) + 10)
}

describe('50,000 persons of each shop are shown what the told chances say', () => {
  it.each([
    ['greedy', { exploration: { method: 'greedy' } }],
    ['epsilon', { exploration: { method: 'epsilon', epsilon: 0.3 } }],
    ['softmax', { exploration: { method: 'softmax', temperature: 0.8, epsilon: 0.2 } }],
    ['thompson', { exploration: { method: 'thompson', epsilon: 0.1 } }],
    ['the random arm', { experiments: { random: { share: 1 } } }],
  ])('by %s, slot by slot and all slots of an answer together', async (_, more) => {
    for (const [actions, caps] of [[shelf, {}] as const, [bilingual, capped] as const]) {
      const { tree, answers } = await draw(actions, { ...caps, ...more })
      const branches = [...tree].flatMap(([path, { told, times }]) => {
        const of = [...times.values()].reduce((sum, count) => sum + count, 0)
        return [...times].map(([id, count]) => ({
          at: `${path}/${id}`,
          times: count,
          of,
          told: told.get(id)!,
        }))
      })
      expectFrequency(branches)
      expectFrequency([...answers].map(([at, { joint, times }]) => ({ at, times, of: PERSONS, told: joint })))
      // What never came out has hardly any chance.
      const missing = 1 - [...answers.values()].reduce((sum, { joint }) => sum + joint, 0)
      expect(missing).toBeGreaterThan(-1e-9)
      expect(missing).toBeLessThan(1e-3)
      expect(answers.size).toBeGreaterThan(2)
    }
  })
})
