const CACHED = 64
const formats = new Map<string, Intl.NumberFormat>()
const languages = new Map<string, string>()

/** A number as the locale writes it. Never throws. */
export function formatNumber(value: number, locale: string): string {
  return cached(formats, locale, () => new Intl.NumberFormat(languageOf(locale))).format(value)
}

/** An amount of money as the locale writes it. Never throws: a currency that is none follows the number. */
export function formatMoney(value: number, locale: string, currency: string): string {
  if (!/^[A-Za-z]{3}$/.test(currency)) return `${formatNumber(value, locale)} ${currency}`
  const make = () => new Intl.NumberFormat(languageOf(locale), { style: 'currency', currency })
  return cached(formats, `${locale} ${currency}`, make).format(value)
}

/** The tag itself; `en` for what is no tag or not known, where Intl would take the language of the machine. */
export function languageOf(locale: string): string {
  return cached(languages, locale, () => {
    try {
      return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? 'en'
    } catch {
      return 'en'
    }
  })
}

/** Making a format costs a hundred times its use. A catalogue has few languages; whoever has more pays again. */
function cached<Value>(cache: Map<string, Value>, key: string, make: () => Value): Value {
  const known = cache.get(key)
  if (known !== undefined) return known
  if (cache.size >= CACHED) cache.clear()
  const made = make()
  cache.set(key, made)
  return made
}
