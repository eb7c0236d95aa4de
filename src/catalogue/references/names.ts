import { ID_PATTERN } from '../../domain/ids.ts'
import { nearest } from '../../domain/nearest.ts'
import { IDENTIFIER_PATTERN } from '../document/fields.ts'

/** The names of one kind that a document writes, also those of items that are at fault themselves. */
export interface Names {
  readonly ids: ReadonlySet<string>
  /** False when some could not be read: then nothing is known to be missing. */
  readonly complete: boolean
  /** The name that was probably meant instead of one that is not there, or null. */
  near(name: string): string | null
}

export interface CatalogueNames {
  readonly channel: Names
  readonly placement: Names
  readonly group: Names
  readonly action: Names
  readonly purpose: Names
  readonly customer: Names
  readonly context: Names
}

type Section = Readonly<Record<string, unknown>>

/** All names, from what was written and not from what is in form: one fault never causes another. */
export function namesOf(written: Section): CatalogueNames {
  const types = written.types === undefined || isMap(written.types) ? written.types : null
  return {
    // What is not declared at all is declared by its use: a short document stays short.
    channel: orElse(keysOf(written.channels), () => textsOf(written.placements, 'channel', true)),
    group: orElse(textsOf(written.groups, 'id', true), () => textsOf(written.actions, 'group', false)),
    placement: textsOf(written.placements, 'id', true),
    action: textsOf(written.actions, 'id', true),
    purpose: keysOf(written.purposes),
    customer: keysOf(types === null ? null : types?.customer, IDENTIFIER_PATTERN),
    context: keysOf(types === null ? null : types?.context, IDENTIFIER_PATTERN),
  }
}

function orElse(declared: Names, used: () => Names): Names {
  return declared.complete && declared.ids.size === 0 ? used() : declared
}

function keysOf(section: unknown, pattern = ID_PATTERN): Names {
  if (section === undefined) return toNames([], true)
  return isMap(section) ? toNames(Object.keys(section), true, pattern) : toNames([], false)
}

/** The texts of one key in a list. @param needed - whether an item without the key leaves the names incomplete */
function textsOf(section: unknown, key: string, needed: boolean): Names {
  if (section === undefined) return toNames([], true)
  if (!Array.isArray(section)) return toNames([], false)
  const texts: string[] = []
  let complete = true
  for (const item of section as unknown[]) {
    const text = isMap(item) ? item[key] : null
    if (typeof text === 'string') texts.push(text)
    else if (needed || text !== undefined) complete = false
  }
  return toNames(texts, complete)
}

/** Different unknown names for which the nearest is looked for: it takes time, and nobody mends more at once. */
const MOST_SEARCHES = 100

function toNames(texts: readonly string[], readable: boolean, pattern = ID_PATTERN): Names {
  const ids = new Set(texts.filter((text) => pattern.test(text)))
  const complete = readable && texts.every((text) => ids.has(text))
  const found = new Map<string, string | null>()
  const near = (name: string) => {
    let meant = found.get(name)
    if (meant === undefined) {
      meant = found.size < MOST_SEARCHES ? nearest(name, ids) : null
      if (found.size < MOST_SEARCHES) found.set(name, meant)
    }
    return meant
  }
  return { ids, complete, near }
}

export function isMap(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names that a remedy lists at most. */
const MOST_LISTED = 12

/**
 * What to do about a name that is not there: the nearest one, else those there are.
 * @param otherwise - what else can be done
 * @param prefix - of every name, where they are said with it
 */
export function remedyFor(
  name: string,
  names: Pick<Names, 'ids' | 'near'>,
  otherwise: string,
  prefix = '',
): string {
  const meant = names.near(name)
  if (meant !== null) return `did you mean "${prefix}${meant}"?`
  if (names.ids.size === 0) return otherwise
  const shown: string[] = []
  for (const id of names.ids) {
    if (shown.length === MOST_LISTED) break
    shown.push(prefix + id)
  }
  const more = names.ids.size - shown.length
  return `use one of ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}, or ${otherwise}`
}
