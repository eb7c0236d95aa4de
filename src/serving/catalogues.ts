import type { Change } from '../catalogue/diff/change.ts'
import { diffCatalogues } from '../catalogue/diff/diff-catalogues.ts'
import { parseWritten, type WrittenDocument } from '../documents/read-document.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { type EmmaError, failure } from '../domain/errors.ts'
import type { CatalogueStore, Publication } from '../ports/catalogue-store.ts'
import type { Clock } from '../ports/clock.ts'
import { stored } from './stored-document.ts'

/** A document that may serve, and what it would change. */
export interface Checked {
  readonly catalogue: Catalogue
  /** Against what serves now; empty when nothing does. */
  readonly changes: readonly Change[]
}

export interface Published {
  readonly publication: Publication
  readonly changes: readonly Change[]
  readonly notices: readonly string[]
}

/** A document, or its text in YAML or JSON: faults are then placed as `catalogue:line:column`. */
export type Written = WrittenDocument | string

/** Under which condition, and why. */
export interface PublishOptions {
  /** The version that must serve now; undefined: whatever does. */
  readonly expected: string | undefined
  readonly note: string | null
}

/** Which publications to compare; by default what served before with what serves now. */
export interface Compared {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The catalogue’s life: checked, published, compared, rolled back. */
export interface Catalogues {
  /** @throws EmmaError `not_ready` when nothing was ever published */
  current(): Promise<{ readonly publication: Publication; readonly document: Json }>
  /** @throws EmmaError `catalogue_invalid`, `model_invalid` with every fault */
  check(written: Written): Promise<Checked>
  /** Makes a document serve. @throws EmmaError as {@link check}, and `catalogue_changed` when something else serves than expected */
  publish(written: Written, options: PublishOptions): Promise<Published>
  /** Makes an older version serve again: what served before, unless told otherwise. @throws EmmaError `unknown_version`, … */
  rollback(options: PublishOptions & { readonly to?: string | undefined }): Promise<Published>
  /** Newest first. */
  publications(limit: number, before?: number): Promise<readonly Publication[]>
  /** @throws EmmaError `unknown_version` */
  document(version: string): Promise<Json>
  /** @throws EmmaError `unknown_version` */
  compare(compared: Compared): Promise<{ from: string; to: string; changes: readonly Change[] }>
}

export interface CataloguesParts {
  readonly store: CatalogueStore
  /** Everything that must hold before a document may serve. @throws EmmaError with every fault */
  readonly prove: (written: WrittenDocument) => Promise<Catalogue>
  readonly clock: Clock
  /** Called when something was published. */
  readonly onPublished: () => Promise<void>
}

export function makeCatalogues({ store, prove, clock, onPublished }: CataloguesParts): Catalogues {
  const current = async () => {
    const publication = await store.newestPublication()
    const document = publication === null ? null : await store.document(publication.version)
    if (publication === null || document === null) {
      throw failure('not_ready', 'store', 'no catalogue was published yet', 'publish one')
    }
    return { publication, document }
  }
  const document = async (version: string) => {
    const found = await store.document(version)
    if (found !== null) return found
    throw failure('unknown_version', 'version', `the store keeps no catalogue version ${version}`, LIST_THEM)
  }
  const changesTo = async (next: Json): Promise<readonly Change[]> => {
    const serving = await store.newestPublication()
    return serving === null ? [] : diffCatalogues(await document(serving.version), next)
  }
  const publish = async (
    next: Json,
    catalogue: Catalogue,
    origin: Publication['origin'],
    { expected, note }: PublishOptions,
  ): Promise<Published> => {
    const before = await store.newestPublication()
    const changes = await changesTo(next)
    const { version } = catalogue
    if (before?.version === version && (expected === undefined || expected === version))
      return { publication: before, changes, notices: catalogue.notices }
    const result = await store.publish(next, { version, at: clock(), origin, note }, expected)
    if (!result.published) throw changedMeanwhile(result.newest)
    await onPublished()
    return { publication: result.newest!, changes, notices: catalogue.notices }
  }

  return {
    current,
    document,
    async check(written) {
      const document = read(written)
      return { catalogue: await prove(document), changes: await changesTo(document.value as Json) }
    },
    async publish(written, options) {
      const document = read(written)
      return publish(document.value as Json, await prove(document), 'publish', options)
    },
    async rollback({ to, ...options }) {
      const version = to ?? (await servedBefore(store)).version
      const next = await document(version)
      return publish(next, await prove(stored(next, version)), 'rollback', options)
    },
    publications: (limit, before) => store.publications(limit, before),
    async compare({ from, to }) {
      const newer = to ?? (await current()).publication.version
      const older = from ?? (await servedBefore(store)).version
      return { from: older, to: newer, changes: diffCatalogues(await document(older), await document(newer)) }
    },
  }
}

function read(written: Written): WrittenDocument {
  return typeof written === 'string' ? parseWritten(written, 'catalogue', 'catalogue_invalid') : written
}

const LIST_THEM = 'list them with GET /v1/catalogue/versions or emma catalogue versions'

/** The newest publication of another version than the one that serves. */
async function servedBefore(store: CatalogueStore): Promise<Publication> {
  const serving = await store.newestPublication()
  let before: number | undefined
  for (;;) {
    const page = await store.publications(100, before)
    const found = page.find(({ version }) => version !== serving?.version)
    if (found !== undefined) return found
    if (page.length === 0)
      throw failure('unknown_version', 'version', 'no other version was published before', LIST_THEM)
    before = page.at(-1)!.sequence
  }
}

function changedMeanwhile(newest: Publication | null): EmmaError {
  const serving = newest === null ? 'nothing serves' : `version ${newest.version} serves`
  return failure(
    'catalogue_changed',
    'If-Match',
    `${serving} now, another than you expect`,
    'read it, look at the difference, and publish again',
  )
}
