/** Sets of names are searched for so many different ones; who mistypes more has other troubles. */
const MOST_SEARCHES = 100
const searched = new WeakMap<object, Map<string, string | null>>()

/** The name among many that somebody probably meant: at most two letters away, or null. */
export function nearest(written: string, names: Iterable<string>): string | null {
  if (!(names instanceof Set)) return search(written, names)
  const known = searched.get(names) ?? new Map<string, string | null>()
  searched.set(names, known)
  let found = known.get(written)
  if (found === undefined) {
    if (known.size >= MOST_SEARCHES) return null
    found = search(written, names)
    known.set(written, found)
  }
  return found
}

function search(written: string, names: Iterable<string>): string | null {
  let best: string | null = null
  let least = Math.min(2, Math.floor(written.length / 2)) + 1
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= least) continue
    const distance = editDistance(written.toLowerCase(), name.toLowerCase())
    if (distance < least) {
      best = name
      least = distance
    }
  }
  return best
}

/** Levenshtein distance, with a swap of neighbours counted as one (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, substituted)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    before = above
    above = row
  }
  return above[b.length]!
}

/** A remedy: the name that was probably meant, else those there are; `prefix` is said before each. */
export function didYouMean(written: string, names: Iterable<string>, otherwise: string, prefix = ''): string {
  const meant = nearest(written, names)
  if (meant !== null) return `did you mean ${prefix}${meant}?`
  const all = [...names]
  if (all.length === 0) return otherwise
  const shown = all.slice(0, 12).map((name) => prefix + name)
  const more = all.length > shown.length ? ` and ${all.length - shown.length} more` : ''
  return `use one of ${shown.join(', ')}${more}`
}
