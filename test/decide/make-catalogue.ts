import { buildCatalogue } from '../../src/catalogue/build.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { Catalogue } from '../../src/domain/catalogue.ts'

export interface Wish {
  /** Placements it plays in; `hero` unless told otherwise. */
  readonly in?: readonly string[]
  /** Content by language; German unless told otherwise. */
  readonly says?: Readonly<Record<string, unknown>>
  readonly [key: string]: unknown
}

/** An action as a marketer writes it, with one treatment. */
export function action(id: string, { in: placements = ['hero'], says = { de: id }, ...rest }: Wish = {}) {
  return { id, treatments: [{ id: `${id}-text`, for: placements, content: says }], ...rest }
}

/**
 * A catalogue by way of its document; without more it has the web placement `hero`, speaks German, and leaves nothing
 * to chance but the order of equals.
 */
export function makeCatalogue(actions: readonly object[], more: object = {}): Catalogue {
  const document = {
    schema: 'emma/v1',
    defaults: { locale: 'de', timeZone: 'Europe/Berlin' },
    placements: [{ id: 'hero', channel: 'web' }],
    exploration: { method: 'greedy' },
    ...more,
    actions,
  }
  return buildCatalogue(parseWritten(JSON.stringify(document), 'test.json', 'catalogue_invalid'))
}
