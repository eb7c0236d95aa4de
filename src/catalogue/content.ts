import type { Json } from '../domain/canonical-json.ts'
import type { RuleScope } from '../domain/rule.ts'
import type { Template } from '../domain/template.ts'
import { compileTemplate } from '../templates/compile.ts'
import { unsureNames } from './compile-rules.ts'
import type { CatalogueDocument } from './document.ts'
import type { Reading } from './reading.ts'
import type { CatalogueNames } from './references/names.ts'
import type { Path } from './set-aside.ts'

type ContentType = CatalogueDocument['placements'][number]['contentType']

/** Content that is at fault, which has been told. */
const NOTHING: Template = { reads: new Set(), isStatic: true, lacks: () => null, render: () => null }

/** Compiles what treatments say, as the placements need it. Faults are told at their place in the text. */
export function contentCompiler(reading: Reading, names: CatalogueNames) {
  const unsure = unsureNames(reading, names)
  const typeOf = new Map(reading.document.placements.map(({ id, contentType }) => [id, contentType]))
  return (written: unknown, placements: readonly string[], scope: RuleScope, path: Path): Template => {
    const types = [...new Set(placements.map((id) => typeOf.get(id) ?? 'json'))]
    tellNothing(written as Json, path, reading)
    const compiled = compileTemplate(written as Json, types[0]!, scope)
    if (!('render' in compiled)) {
      if (unsure.some((name) => name.test(JSON.stringify(written)))) return NOTHING
      for (const { path: inside, offset, what, remedy } of compiled)
        reading.tellWithin([...path, ...inside], offset, what, remedy)
      return NOTHING
    }
    if (!compiled.isStatic && types.length > 1) {
      const what = `templates are escaped for their placement, and this plays in some of ${types.join(' and ')}`
      reading.tell(path, what, 'write a treatment for each content type')
    }
    return compiled
  }
}

/** YAML reads `{ h: Hi, there }` as a name without a value, and `#` as the end of a text. */
function tellNothing(content: Json, path: Path, reading: Reading): void {
  if (content === null) {
    const remedy = 'leave the name out, or quote a text that holds a comma or #'
    reading.tell(path, 'nothing is written here', remedy)
  } else if (typeof content === 'object') {
    for (const [key, value] of Object.entries(content)) tellNothing(value, [...path, key], reading)
  }
}

/** A neutral fallback is the same for everybody. */
export function checkFallback(
  written: unknown,
  contentType: ContentType,
  path: Path,
  reading: Reading,
): void {
  if (written !== null) tellNothing(written as Json, path, reading)
  const compiled = compileTemplate(written as Json, contentType, NOBODY)
  if (!('render' in compiled) || !compiled.isStatic)
    reading.tell(path, 'a fallback is the same for everybody and has no templates', 'write it out')
}

const NOBODY = { customer: new Map(), context: new Map(), attributes: new Map() }
