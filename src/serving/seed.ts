import type { WrittenDocument } from '../documents/read-document.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { CatalogueStore, Publication } from '../ports/catalogue-store.ts'
import type { Clock } from '../ports/clock.ts'

export interface SeedParts {
  readonly store: CatalogueStore
  /** What CATALOGUE names; null for the built-in sample shop. */
  readonly given: string | null
  readonly read: () => Promise<WrittenDocument>
  readonly build: (written: WrittenDocument) => Catalogue
  readonly clock: Clock
  /** Told when the store serves another version than the file holds. */
  readonly onDifference: (serving: Publication, given: string) => void
}

/**
 * Gives a store its first catalogue. What somebody published never is replaced; what the built-in sample seeded is,
 * by a newer sample or by a file.
 * @throws EmmaError `catalogue_invalid` for a document that is read and cannot serve; nothing is stored then
 */
export async function seedCatalogue({
  store,
  given,
  read,
  build,
  clock,
  onDifference,
}: SeedParts): Promise<void> {
  const isReplaceable = (serving: Publication | null) => serving === null || serving.origin === 'sample'
  let serving = await store.newestPublication()
  if (given === null && !isReplaceable(serving)) return
  const written = await read()
  const { version } = build(written)
  const origin = given === null ? 'sample' : 'seed'
  const note = given === null ? 'the built-in sample shop' : null
  // Of processes that start together one wins; the others look again at what it left.
  while (serving?.version !== version) {
    if (serving !== null && !isReplaceable(serving)) {
      if (given !== null) onDifference(serving, given)
      return
    }
    const publication = { version, at: clock(), origin, note } as const
    const expected: string | null = serving?.version ?? null
    const result = await store.publish(written.value as Json, publication, expected)
    if (result.published) return
    serving = result.newest
  }
}
