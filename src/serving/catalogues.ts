import type { Change } from '../catalogue/diff/change.ts'
import { diffCatalogues } from '../catalogue/diff/diff-catalogues.ts'
import { toYaml } from '../catalogue/to-yaml.ts'
import { parseWritten, type WrittenDocument } from '../documents/read-document.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { failure } from '../domain/errors.ts'
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
  /** False when that document served already. */
  readonly published: boolean
  readonly publication: Publication
  readonly changes: readonly Change[]
  readonly notices: readonly string[]
}

/** A document, or its text in YAML or JSON: faults are then placed as `catalogue:line:column`. */
export type Written = WrittenDocument | string

/** Under which condition, and why. */
export interface PublishOptions {
  /** Versions of which one must serve now; undefined: whatever does. */
  readonly expected: readonly string[] | undefined
  /** One line of at most 500 characters. */
  readonly note: string | null
}

/** Which versions to compare. */
export interface Compared {
  /** What served before `to`, by default. */
  readonly from?: string | undefined
  /** What serves now, by default. */
  readonly to?: string | undefined
}

/** The catalogue’s life: checked, published, compared, rolled back. */
export interface Catalogues {
  /** What serves now. @throws EmmaError `not_ready` when nothing was ever published */
  serving(): Promise<Publication>
  /** The same with its document. */
  current(): Promise<{ readonly publication: Publication; readonly document: Json }>
  /** @throws EmmaError `catalogue_invalid`, `model_invalid` with every fault */
  check(written: Written): Promise<Checked>
  /**
   * Makes a document serve, and tells what changed against the very version it replaced. What serves already is not
   * published again, unless it is the built-in sample, which then is somebody’s own.
   * @throws EmmaError as {@link check}, and `catalogue_changed` when something else serves than expected
   */
  publish(written: Written, options: PublishOptions): Promise<Published>
  /**
   * Makes an older version serve again: unless told otherwise what served before, so that twice is there and back.
   * @throws EmmaError as {@link publish}, and `unknown_version`
   */
  rollback(options: PublishOptions & { readonly to?: string | undefined }): Promise<Published>
  /** Newest first. */
  publications(limit: number, before?: number): Promise<readonly Publication[]>
  /** @throws EmmaError `unknown_version` */
  document(version: string): Promise<Json>
  /** YAML that reads back as the very same document. */
  asYaml(document: Json): Promise<string>
  /** @throws EmmaError `unknown_version` */
  compare(compared: Compared): Promise<{ from: string; to: string; changes: readonly Change[] }>
}

export interface CataloguesParts {
  readonly store: CatalogueStore
  /** Everything that must hold before a document may serve. @throws EmmaError with every fault */
  readonly prove: (written: WrittenDocument) => Promise<Catalogue>
  /** Where texts are read and documents compared; by default right here, which keeps everybody else waiting. */
  readonly aside?: Aside
  readonly clock: Clock
  /** Called when something was published. */
  readonly onPublished: () => Promise<void>
}

/** See reading-aside.ts. */
export interface Aside {
  /** @throws EmmaError `catalogue_invalid` with faults as `catalogue:line:column` */
  read(text: string): Promise<WrittenDocument>
  diff(from: Json, to: Json): Promise<readonly Change[]>
  yaml(document: Json): Promise<string>
}

const RIGHT_HERE: Aside = {
  read: async (text) => parseWritten(text, 'catalogue', 'catalogue_invalid'),
  diff: async (from, to) => diffCatalogues(from, to),
  yaml: async (document) => toYaml(document),
}

export function makeCatalogues({
  store,
  prove,
  clock,
  onPublished,
  aside = RIGHT_HERE,
}: CataloguesParts): Catalogues {
  const read = async (written: Written) => (typeof written === 'string' ? aside.read(written) : written)
  const serving = async () => {
    const publication = await store.newestPublication()
    if (publication !== null) return publication
    throw failure('not_ready', 'store', 'no catalogue was published yet', 'publish one')
  }
  const document = async (version: string) => {
    const found = await store.document(version)
    if (found !== null) return found
    throw failure('unknown_version', 'version', `the store keeps no catalogue version ${version}`, LIST_THEM)
  }
  const changesFrom = async (before: Publication | null, next: Json): Promise<readonly Change[]> =>
    before === null ? [] : aside.diff(await document(before.version), next)

  const publish = async (
    next: Json,
    { version, notices }: Catalogue,
    origin: Publication['origin'],
    { expected, note }: PublishOptions,
  ): Promise<Published> => {
    // Whoever publishes in between is compared with in the next round: the changes are those of what was replaced.
    for (;;) {
      const before = await store.newestPublication()
      mustServe(expected, before)
      const changes = await changesFrom(before, next)
      if (before?.version === version && before.origin !== 'sample')
        return { published: false, publication: before, changes, notices }
      const publication = { version, at: clock(), origin, note }
      const { published, newest } = await store.publish(next, publication, before?.version ?? null)
      if (!published) continue
      await onPublished()
      return { published, publication: newest!, changes, notices }
    }
  }

  return {
    serving,
    async current() {
      const publication = await serving()
      return { publication, document: await document(publication.version) }
    },
    document,
    asYaml: aside.yaml,
    async check(written) {
      const document = await read(written)
      const catalogue = await prove(document)
      const before = await store.newestPublication()
      return { catalogue, changes: await changesFrom(before, document.value as Json) }
    },
    async publish(written, options) {
      checkNote(options.note)
      mustServe(options.expected, await store.newestPublication())
      const document = await read(written)
      return publish(document.value as Json, await prove(document), 'publish', options)
    },
    async rollback({ to, ...options }) {
      checkNote(options.note)
      const before = await store.newestPublication()
      mustServe(options.expected, before)
      const version = to ?? (await servedBefore(store, before?.version))
      const next = await document(version)
      return publish(next, await prove(stored(next, version)), 'rollback', options)
    },
    publications: (limit, before) => store.publications(limit, before),
    async compare({ from, to }) {
      const newer = to ?? (await serving()).version
      const next = await document(newer)
      const older = from ?? (await servedBefore(store, newer))
      return { from: older, to: newer, changes: await aside.diff(await document(older), next) }
    },
  }
}

const LIST_THEM = 'list them with GET /v1/catalogue/versions or emma catalogue versions'

/** The version that served last before the newest publication of a version. @throws EmmaError `unknown_version` */
async function servedBefore(store: CatalogueStore, version: string | undefined): Promise<string> {
  let met = false
  let before: number | undefined
  for (;;) {
    const page = await store.publications(100, before)
    for (const publication of page) {
      if (publication.version === version) met = true
      else if (met) return publication.version
    }
    if (page.length === 0)
      throw failure('unknown_version', 'version', 'no other version was published before', LIST_THEM)
    before = page.at(-1)!.sequence
  }
}

function mustServe(expected: readonly string[] | undefined, serving: Publication | null): void {
  if (expected === undefined || (serving !== null && expected.includes(serving.version))) return
  throw failure(
    'catalogue_changed',
    'catalogue',
    `${serving === null ? 'nothing' : `version ${serving.version}`} serves now, another than you expect`,
    'read it, look at the difference, and publish again',
  )
}

/** Visible in one line, and nothing that a terminal takes for a command. */
const NOTE = /^(?=.*\S)(?:[^\p{C}\p{Zl}\p{Zp}]|\u200d){1,500}$/u

function checkNote(note: string | null): void {
  if (note === null || NOTE.test(note)) return
  throw failure(
    'invalid_request',
    'note',
    'this is not one line of 1 to 500 printable characters',
    'say it shorter, in one line, or leave it out',
  )
}
