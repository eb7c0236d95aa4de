import type { Json } from '../../domain/canonical-json.ts'

/** Steps from an item of the document to a part of it: keys, and for an action’s treatments their ids. */
export type Path = readonly string[]

/** One thing that is different between two documents, with a sentence that tells it. */
export interface Change {
  /** The key at the top of the document: `actions`. */
  readonly section: string
  /**
   * The item: its id, its key (`web` of channels), or `customer.age` of types. Null where the section is itself the
   * item (`defaults`, `target`), or was written with nothing in it.
   */
  readonly id: string | null
  readonly kind: 'added' | 'removed' | 'changed'
  /** Inside the item, for `changed`; else empty. A treatment is named by its id, not by its position. */
  readonly path: Path
  /** As it was written; left out where nothing was. Of the order of things: the list of their ids. */
  readonly from?: Json
  readonly to?: Json
  /** One line, without control characters; values in it are cut at 80 characters. */
  readonly sentence: string
}

/** A part of an item that is not the same; undefined: not written. */
export interface Difference {
  readonly path: Path
  readonly from: Json | undefined
  readonly to: Json | undefined
}
