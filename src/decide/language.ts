import type { Treatment } from '../domain/catalogue.ts'

/**
 * RFC 4647 §3.4 lookup: the wanted tag, then the same tag shortened from its end, is looked for among the tags that
 * are written. Tags are compared in lower case.
 */
export function lookupLanguage(wanted: string, written: ReadonlySet<string>): string | undefined {
  let range = wanted.toLowerCase()
  while (range !== '') {
    if (written.has(range)) return range
    let cut = range.lastIndexOf('-')
    // A single letter or digit introduces an extension and goes with what follows it.
    if (cut >= 2 && range[cut - 2] === '-') cut -= 2
    range = cut < 0 ? '' : range.slice(0, cut)
  }
  return undefined
}

/** The first of the wanted tags that any of the treatments speaks, else the first in the alphabet: keys have no order. */
export function chooseLanguage(wanted: readonly string[], treatments: readonly Treatment[]): string {
  const written = new Set(treatments.flatMap((treatment) => [...treatment.content.keys()]))
  for (const tag of wanted) {
    const found = lookupLanguage(tag, written)
    if (found !== undefined) return found
  }
  return [...written].sort()[0]!
}
