import { afterAll, describe, expect, it } from 'vitest'
import { diffCatalogues } from '../../src/catalogue/diff/diff-catalogues.ts'
import { toYaml } from '../../src/catalogue/to-yaml.ts'
import type { Json } from '../../src/domain/canonical-json.ts'
import { makeReadingAside } from '../../src/serving/reading-aside.ts'
import { FEATURE_SET } from '../decide/fake-store.ts'

/** So large that it is read in a thread of its own. */
const large = (value: number, rule = 'features.orders > 1'): Json => ({
  schema: 'emma/v1',
  placements: [{ id: 'hero', channel: 'web' }],
  actions: Array.from({ length: 300 }, (_, i) => ({
    id: `action-${i}`,
    value,
    eligibility: rule,
    treatments: [{ id: 't', for: ['hero'], content: { de: `Text ${i}` } }],
  })),
})
const text = (document: Json) => JSON.stringify(document, null, 1)

describe('a large catalogue, in a thread of its own', () => {
  const aside = makeReadingAside(async () => FEATURE_SET)
  afterAll(() => aside.close())

  it('is read as it is written', async () => {
    expect((await aside.read(text(large(1)))).value).toEqual(large(1))
    expect((await aside.read(toYaml(large(1)))).value).toEqual(large(1))
  })

  it('is refused with every fault at its line, and by the features that are loaded', async () => {
    const reading = aside.read(text(large(1, 'features.order > 1')))
    await expect(reading).rejects.toMatchObject({ code: 'catalogue_invalid' })
    const { faults } = await reading.catch((error) => error)
    expect(faults).toHaveLength(300)
    expect(faults[0]).toEqual({
      place: 'catalogue:13:20 (actions.0.eligibility)',
      what: 'no feature is called order',
      remedy: 'did you mean features.orders?',
    })
  })

  it('is compared and written as YAML as it would be here', async () => {
    expect(await aside.diff(large(1), large(2))).toEqual(diffCatalogues(large(1), large(2)))
    expect(await aside.yaml(large(1))).toBe(toYaml(large(1)))
  })

  it('is read for many at once, and after the thread has ended', async () => {
    const values = await Promise.all([1, 2, 3, 4].map((value) => aside.read(text(large(value)))))
    expect(values.map(({ value }) => value)).toEqual([1, 2, 3, 4].map((value) => large(value)))
    await aside.close()
    expect((await aside.read(text(large(5)))).value).toEqual(large(5))
  })

  it('fails for those who wait when it is closed, and does not hang', async () => {
    const ended = expect(aside.diff(large(6), large(7))).rejects.toThrow('Emma is stopping')
    await aside.close()
    await ended
  })
})
