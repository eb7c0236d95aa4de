import { describe, expect, it } from 'vitest'
import { lookupLanguage } from '../../src/decide/language.ts'
import { action, makeCatalogue } from './make-catalogue.ts'
import { ask, chosen, codesOf, makeHouse, slateOf } from './make-house.ts'

describe('language lookup', () => {
  it.each([
    ['de', ['de'], 'de'],
    ['de-AT', ['de'], 'de'],
    ['de-AT', ['de', 'de-at'], 'de-at'],
    ['DE-at', ['de-at'], 'de-at'],
    ['de', ['de-at'], undefined],
    ['de-AT', ['de-ch'], undefined],
    ['zh-Hant-CN', ['zh-hant', 'zh'], 'zh-hant'],
    // The chain of RFC 4647 §3.4: a single letter goes with what follows it.
    ['zh-Hant-CN-x-private1-private2', ['zh-hant-cn-x-private1'], 'zh-hant-cn-x-private1'],
    ['zh-Hant-CN-x-private1-private2', ['zh-hant-cn-x'], undefined],
    ['zh-Hant-CN-x-private1-private2', ['zh-hant-cn'], 'zh-hant-cn'],
    ['de-DE-u-co-phonebk', ['de-de-u'], undefined],
    ['de-DE-u-co-phonebk', ['de-de'], 'de-de'],
    ['de-u-co-phonebk', ['de'], 'de'],
    ['en-a-bbb-x-a-ccc', ['en-a-bbb-x-a'], undefined],
    ['en-a-bbb-x-a-ccc', ['en-a-bbb'], 'en-a-bbb'],
    ['fr', ['frr'], undefined],
  ])('of %s among %j finds %s', (wanted, written, found) => {
    expect(lookupLanguage(wanted, new Set(written))).toBe(found)
  })
})

describe('a slate', () => {
  const trilingual = { de: 'Stiefel', 'de-AT': 'Stiefel, bitt’schön', en: 'Boots' }
  const localeOf = async (
    locale: string | undefined,
    says: Record<string, string>,
    catalogueLocale = 'de',
  ) => {
    const catalogue = makeCatalogue([action('boots', { says })], { defaults: { locale: catalogueLocale } })
    const [item] = slateOf(await makeHouse(catalogue)(ask({ locale }))).items
    return [item!.locale, item!.content]
  }

  it.each([
    ['the wanted language', 'en', trilingual, ['en', 'Boots']],
    ['the wanted language, less exactly', 'en-GB', trilingual, ['en', 'Boots']],
    ['the wanted region', 'de-AT', trilingual, ['de-at', 'Stiefel, bitt’schön']],
    ['the catalogue’s language when the wanted one is not there', 'fr', trilingual, ['de', 'Stiefel']],
    ['the catalogue’s language when none is wanted', undefined, trilingual, ['de', 'Stiefel']],
    [
      'the first of the alphabet when neither is there',
      'fr',
      { nl: 'Laarzen', en: 'Boots' },
      ['en', 'Boots'],
    ],
  ])('speaks %s', async (_, locale, says, expected) => {
    expect(await localeOf(locale, says)).toEqual(expected)
  })

  it('does not depend on the order in which languages are written', async () => {
    expect(await localeOf('fr', { en: 'Boots', nl: 'Laarzen' })).toEqual(
      await localeOf('fr', { nl: 'Laarzen', en: 'Boots' }),
    )
  })

  it('takes the treatment that speaks it best, not the first that speaks it at all', async () => {
    const catalogue = makeCatalogue([
      {
        id: 'boots',
        treatments: [
          { id: 'plain', for: ['hero'], content: { de: 'Stiefel' } },
          { id: 'austrian', for: ['hero'], content: { 'de-AT': 'Stiefel, bitt’schön' } },
        ],
      },
    ])
    const decide = makeHouse(catalogue)
    expect(slateOf(await decide(ask({ locale: 'de-AT' }))).items[0]!.treatment.id).toBe('austrian')
    expect(slateOf(await decide(ask({ locale: 'de-CH' }))).items[0]!.treatment.id).toBe('plain')
  })

  it('takes the first treatment written when several speak its language', async () => {
    const treatment = (id: string, more = {}) => ({ id, for: ['hero'], content: { de: id, ...more } })
    const treatments = [treatment('z'), treatment('a', { en: 'a' })]
    const catalogue = makeCatalogue([{ id: 'boots', treatments }])
    expect(slateOf(await makeHouse(catalogue)(ask())).items[0]!.treatment.id).toBe('z')
  })

  it('speaks one language only: that of its best action', async () => {
    const catalogue = makeCatalogue([
      action('best', { value: 3, says: { en: 'x' } }),
      action('second', { value: 2, says: { de: 'x' } }),
      action('third', { value: 1, says: { de: 'x', en: 'x' } }),
    ])
    const decision = await makeHouse(catalogue)(ask({ slates: { hero: 3 }, locale: 'de' }))
    expect(chosen(decision).hero).toEqual(['best', 'third'])
    expect(slateOf(decision).items.map(({ locale }) => locale)).toEqual(['en', 'en'])
    expect(codesOf(decision, 'second')).toEqual(['no_content_in_language'])
    expect(slateOf(decision)).toMatchObject({ status: 'partial', code: 'fewer_than_limit' })
  })

  it('does not bind another slate to its language', async () => {
    const catalogue = makeCatalogue(
      [action('english', { says: { en: 'x' } }), action('german', { in: ['footer'] })],
      {
        placements: [
          { id: 'hero', channel: 'web' },
          { id: 'footer', channel: 'web' },
        ],
      },
    )
    const decision = await makeHouse(catalogue)(ask({ slates: { hero: 1, footer: 1 } }))
    expect(decision.slates.map(({ items }) => items[0]!.locale)).toEqual(['en', 'de'])
  })
})
