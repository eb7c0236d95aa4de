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
 * Gives a store its first catalogue. What somebody published is never replaced; what the built-in sample seeded is,
 * by a newer sample or by a file.
 * @throws EmmaError `catalogue_invalid` for a document that is needed and cannot serve
 */
export async function seedCatalogue({
  store,
  given,
  read,
  build,
  clock,
  onDifference,
}: SeedParts): Promise<void> {
  const serving = await store.newestPublication()
  const replaceable = serving === null || serving.origin === 'sample'
  if (!replaceable && given === null) return
  const written = await read()
  const { version } = build(written)
  if (serving?.version === version) return
  if (!replaceable) return onDifference(serving, given!)
  const origin = given === null ? 'sample' : 'seed'
  const note = given === null ? 'the built-in sample shop' : null
  // Of processes that start together one wins, and the others find its catalogue there.
  await store.publish(written.value as Json, { version, at: clock(), origin, note }, serving?.version ?? null)
}
