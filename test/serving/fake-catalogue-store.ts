import type { Json } from '../../src/domain/canonical-json.ts'
import { EmmaError, failure } from '../../src/domain/errors.ts'
import {
  applyChanges,
  EMPTY_RUN_TIME_STATE,
  type RunTimePosition,
  type RunTimeState,
} from '../../src/domain/run-time-state.ts'
import type { CatalogueStore, Publication } from '../../src/ports/catalogue-store.ts'

/** A store in memory that fails on demand. */
export interface FakeCatalogueStore extends CatalogueStore {
  /** Calls that fail from now on. */
  failing: ReadonlySet<keyof CatalogueStore>
  /** How often each call was made. */
  readonly calls: Partial<Record<keyof CatalogueStore, number>>
  /** Called before a publication is held against what serves. */
  beforePublish: () => Promise<void>
  /** Publishes without a condition, as another process would. */
  add(version: string, document?: Json, origin?: Publication['origin']): Publication
}

export const ALL_CALLS: ReadonlySet<keyof CatalogueStore> = new Set([
  'newestPublication',
  'document',
  'publications',
  'publish',
  'runTimePosition',
  'runTimeState',
  'changeRunTime',
] as const)

export function makeFakeCatalogueStore(): FakeCatalogueStore {
  const documents = new Map<string, Json>()
  const publications: Publication[] = []
  const states = new Map<string, RunTimeState>()
  let position: RunTimePosition | null = null
  const stateAt = (at: RunTimePosition | null) => (at === null ? EMPTY_RUN_TIME_STATE : states.get(keyOf(at)))
  const append = (document: Json, publication: Omit<Publication, 'sequence'>) => {
    const next = { ...publication, sequence: publications.length + 1 }
    documents.set(next.version, document)
    publications.push(next)
    return next
  }
  const asked = (call: keyof CatalogueStore) => {
    store.calls[call] = (store.calls[call] ?? 0) + 1
    if (store.failing.has(call)) throw failure('store_unavailable', 'store', 'it is down', 'start it')
  }
  const store: FakeCatalogueStore = {
    failing: new Set(),
    calls: {},
    beforePublish: async () => {},
    add: (version, document = { version }, origin = 'publish') =>
      append(document, { version, at: publications.length, origin, note: null }),
    async newestPublication() {
      asked('newestPublication')
      return publications.at(-1) ?? null
    },
    async document(version) {
      asked('document')
      return documents.get(version) ?? null
    },
    async publications(limit, before = Number.POSITIVE_INFINITY) {
      asked('publications')
      return publications
        .filter(({ sequence }) => sequence < before)
        .reverse()
        .slice(0, limit)
    },
    async publish(document, publication, expected) {
      asked('publish')
      await store.beforePublish()
      const newest = publications.at(-1) ?? null
      if (expected !== undefined && expected !== (newest?.version ?? null))
        return { published: false, newest }
      return { published: true, newest: append(document, publication) }
    },
    async runTimePosition() {
      asked('runTimePosition')
      return position
    },
    async runTimeState(at) {
      asked('runTimeState')
      const state = stateAt(at ?? position)
      return state === undefined ? null : { position: at ?? position, state }
    },
    async changeRunTime(changes) {
      asked('changeRunTime')
      const state = applyChanges(stateAt(position)!, changes)
      position = { epoch: 'epoch', revision: (position?.revision ?? 0) + changes.length }
      states.set(keyOf(position), state)
      return position
    },
  }
  return store
}

function keyOf({ epoch, revision }: RunTimePosition): string {
  return `${epoch}.${revision}`
}

export function isDown(error: unknown): boolean {
  return error instanceof EmmaError && error.code === 'store_unavailable'
}
