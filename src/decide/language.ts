import { LANGUAGES, type Language } from '../domain/language.ts'
import type { Situation } from '../domain/situation.ts'

/** Language tags in lower case. */
interface Tags {
  has(tag: string): boolean
  keys(): Iterable<string>
}

/**
 * RFC 4647 §3.4 lookup: the wanted tag, then the same tag shortened from its end, is looked for among the tags that
 * are written. Tags are compared in lower case.
 */
export function lookupLanguage(wanted: string, written: Tags): string | undefined {
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

/** The first of the wanted tags that is written, else the first in the alphabet: keys have no order. */
export function chooseLanguage(wanted: readonly string[], written: Tags): string {
  for (const tag of wanted) {
    const found = lookupLanguage(tag, written)
    if (found !== undefined) return found
  }
  return [...written.keys()].sort()[0]!
}

/** The language that is asked for, then the catalogue’s own. */
export function wantedLanguages({ request, catalogue }: Pick<Situation, 'request' | 'catalogue'>): string[] {
  return request.locale === undefined ? [catalogue.locale] : [request.locale, catalogue.locale]
}

const REASON_TAGS: Tags & ReadonlySet<string> = new Set<string>(LANGUAGES)

/** The language of reasons: that of the contents where Emma speaks it, else English. */
export function reasonLanguage(situation: Pick<Situation, 'request' | 'catalogue'>): Language {
  for (const tag of wantedLanguages(situation)) {
    const found = lookupLanguage(tag, REASON_TAGS)
    if (found !== undefined) return found as Language
  }
  return 'en'
}
