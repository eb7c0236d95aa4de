import type { Treatment } from '../domain/catalogue.ts'

/**
 * RFC 4647 §3.4 lookup: the wanted tag, then the same tag shortened from its end, is looked for among the tags of
 * the content. Tags are compared in lower case.
 */
export function lookupLanguage(wanted: string, treatment: Treatment): string | undefined {
  let range = wanted.toLowerCase()
  while (range !== '') {
    if (treatment.content.has(range)) return range
    let cut = range.lastIndexOf('-')
    // A single letter or digit introduces an extension and goes with what follows it.
    if (cut >= 2 && range[cut - 2] === '-') cut -= 2
    range = cut < 0 ? '' : range.slice(0, cut)
  }
  return undefined
}

/** The first of the wanted tags that any of the treatments speaks, else the first language written. */
export function chooseLanguage(wanted: readonly string[], treatments: readonly Treatment[]): string {
  for (const tag of wanted) {
    for (const treatment of treatments) {
      const found = lookupLanguage(tag, treatment)
      if (found !== undefined) return found
    }
  }
  return treatments[0]!.content.keys().next().value!
}
