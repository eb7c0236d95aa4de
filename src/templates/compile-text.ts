import { Missing, type TemplateScope, type TemplateValues, type TextFault } from '../domain/template.ts'
import { type ContentType, ESCAPES } from './escape.ts'
import { isUrlEncoded, resolveFilters } from './filters.ts'
import { htmlFaults } from './html-holes.ts'
import { type Reader, resolveName } from './names.ts'
import { type Hole, parseText, type TextPart } from './parse-text.ts'
import { HOLE, urlFault } from './url-holes.ts'

/** Fills what was compiled: the filled text, or the first name without a value. */
export type Fill<Result> = (values: TemplateValues, locale: string) => Result | Missing

/** How a name’s value is read. */
export type Read = Reader['read']

export interface TextSetting {
  readonly contentType: ContentType
  readonly scope: TemplateScope
  /** Every name that is read is put in here, with how. */
  readonly reads: Map<string, Read>
  /** The key of the content whose value is an address, or null. */
  readonly addressKey: string | null
}

/** A text without holes as it will be shown, a function that fills one, or every fault. */
export function compileText(text: string, setting: TextSetting): string | Fill<string> | TextFault[] {
  if (!text.includes('{{')) return text
  const { parts, faults: found } = parseText(text)
  const faults = [...found]
  const pieces = parts.map((part) => (typeof part === 'string' ? part : compileHole(part, setting, faults)))
  // Around holes that could not be read the places of the others are unknown.
  if (found.length === 0) {
    if (setting.contentType === 'html') faults.push(...htmlFaults(parts, text.length))
    if (setting.addressKey !== null) faults.push(...addressFaults(parts, setting.addressKey))
  }
  if (faults.length > 0) return faults.sort((a, b) => a.offset - b.offset)
  if (parts.every((part) => typeof part === 'string')) return parts.join('')
  return (values, locale) => {
    let filled = ''
    for (const piece of pieces) {
      const printed = typeof piece === 'string' ? piece : piece(values, locale)
      if (printed instanceof Missing) return printed
      filled += printed
    }
    return filled
  }
}

function compileHole(hole: Hole, setting: TextSetting, faults: TextFault[]): Fill<string> {
  const missing = new Missing(hole.name)
  const nothing = () => missing
  const reader = resolveName(hole, setting.scope)
  if (!('read' in reader)) {
    faults.push(reader)
    // A text suits most filters; those that are unknown are told all the same.
    faults.push(...resolveFilters(hole, 'string').faults.filter(({ what }) => what.startsWith('there is no')))
    return nothing
  }
  setting.reads.set(hole.name, reader.read)
  const { filters, faults: wrong } = resolveFilters(hole, reader.type)
  faults.push(...wrong)
  const escaped = ESCAPES[setting.contentType]
  return (values, locale) => {
    let value = reader.read(values)
    if (value === undefined) return missing
    for (const filter of filters) value = filter(value, { locale, currency: values.currency })
    return escaped(String(value))
  }
}

/** Faults of holes in a text that is an address because its key says so. */
function addressFaults(parts: readonly TextPart[], key: string): TextFault[] {
  const holes = parts.filter((part) => typeof part !== 'string')
  const unsafe = urlFault(parts.map((part) => (typeof part === 'string' ? part : HOLE)).join(''), false)
  return holes.flatMap((hole) => {
    if (!isUrlEncoded(hole)) {
      return [
        {
          offset: hole.offset,
          what: `${key} is an address, and ${hole.name} is not encoded for it`,
          remedy: `end it with the filter url: {{${hole.name} | url}}`,
        },
      ]
    }
    return unsafe === null ? [] : [{ offset: hole.offset, ...unsafe }]
  })
}
