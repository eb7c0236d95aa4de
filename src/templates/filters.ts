import type { TextFault } from '../domain/template.ts'
import { formatMoney, formatNumber, languageOf } from './format-number.ts'
import type { Reader } from './names.ts'
import type { Hole } from './parse-text.ts'

/** Where a filter works: the slate’s locale, the catalogue’s currency. */
export interface FilterSetting {
  readonly locale: string
  readonly currency: string
}

type Printed = string | number
export type Filter = (value: Printed, setting: FilterSetting) => string

interface FilterSpec {
  readonly takes: 'number' | 'string' | 'both'
  readonly apply: Filter
}

const FILTERS: ReadonlyMap<string, FilterSpec> = new Map<string, FilterSpec>([
  ['url', { takes: 'both', apply: (value) => encodeURIComponent(wellFormed(String(value))) }],
  ['number', { takes: 'number', apply: (value, { locale }) => formatNumber(Number(value), locale) }],
  [
    'money',
    {
      takes: 'number',
      apply: (value, { locale, currency }) => formatMoney(Number(value), locale, currency),
    },
  ],
  [
    'upper',
    { takes: 'string', apply: (value, { locale }) => String(value).toLocaleUpperCase(languageOf(locale)) },
  ],
  [
    'lower',
    { takes: 'string', apply: (value, { locale }) => String(value).toLocaleLowerCase(languageOf(locale)) },
  ],
])

/** The filters of a hole in order, held against the type of what they get; or every fault among them. */
export function resolveFilters(hole: Hole, type: Reader['type']): { filters: Filter[]; faults: TextFault[] } {
  const filters: Filter[] = []
  const faults: TextFault[] = []
  let given = type
  for (const { name, offset } of hole.filters) {
    const spec = FILTERS.get(name)
    if (spec === undefined) {
      const what = name === '' ? 'there is no filter behind “|”' : `there is no filter ${name}`
      faults.push({ offset, what, remedy: `use one of ${[...FILTERS.keys()].join(', ')}` })
      continue
    }
    if (spec.takes !== 'both' && spec.takes !== given) faults.push(wrongType(name, offset, hole, given))
    filters.push(spec.apply)
    given = 'string'
  }
  return { filters, faults }
}

/** Whether what the hole prints can stand in an address: nothing may follow the encoding. */
export function isUrlEncoded(hole: Hole): boolean {
  return hole.filters.at(-1)?.name === 'url'
}

function wrongType(name: string, offset: number, hole: Hole, given: Reader['type']): TextFault {
  return given === 'string'
    ? {
        offset,
        what: `the filter ${name} is for numbers, and what ${hole.name} brings it is a text`,
        remedy: `take ${name} away, or name a number`,
      }
    : {
        offset,
        what: `the filter ${name} is for texts, and ${hole.name} is a number`,
        remedy: `take ${name} away; number and money print numbers`,
      }
}

/** encodeURIComponent throws at half a surrogate pair. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD')
}
