import type { Json } from '../../domain/canonical-json.ts'
import type { Change } from './change.ts'
import { actionDifferences, differences, orderDifference } from './differences.ts'
import { idsOfBoth, isMap, partOf, same, thingsById } from './json-parts.ts'
import { type Section, sectionsNamed } from './sections.ts'
import { cameOrWent, changed } from './sentence.ts'

type Things = ReadonlyMap<string, Json>

/**
 * What is different between two catalogue documents as they were written, defaults not filled in: sections in the
 * order of the format, their things by id. Nothing is told exactly when both give the same version: the order of
 * things with ids counts only for models and for the treatments of an action. Never throws.
 */
export function diffCatalogues(from: Json, to: Json): readonly Change[] {
  const names = [from, to].flatMap((document) => (isMap(document) ? Object.keys(document) : []))
  return sectionsNamed(names).flatMap((section) =>
    diffSection(section, partOf(from, section.name), partOf(to, section.name)),
  )
}

function diffSection(section: Section, from: Json | undefined, to: Json | undefined): readonly Change[] {
  if (same(from, to)) return []
  const [before, after] = [thingsOf(section, from), thingsOf(section, to)]
  if (before === null || after === null) return wholeSection(section, from, to)
  const told = [...diffThings(section, before, after), ...diffOrder(section, before, after)]
  if (told.length > 0) return told
  // Written with nothing in it on one side, not written on the other.
  const empty = from === undefined || to === undefined || section.form === 'types'
  return empty ? wholeSection(section, from, to) : []
}

/** The things of a section by id; null where it is no such section, or not written as one. */
function thingsOf({ form }: Section, written: Json | undefined): Things | null {
  if (form === 'settings') return null
  if (written === undefined) return new Map()
  if (form === 'list') return thingsById(written)
  if (!isMap(written)) return null
  const entries = Object.entries(written)
  if (form === 'map') return new Map(entries)
  if (!entries.every(([, types]) => isMap(types))) return null
  return new Map(
    entries.flatMap(([kind, types]) =>
      Object.entries(types as object).map(([name, spec]): [string, Json] => [`${kind}.${name}`, spec]),
    ),
  )
}

function diffThings(section: Section, before: Things, after: Things): readonly Change[] {
  return idsOfBoth(before.keys(), after.keys()).flatMap((id) => {
    const [from, to] = [before.get(id), after.get(id)]
    if (from === undefined || to === undefined) return [cameOrWent(section, id, from, to)]
    const inside = section.name === 'actions' ? actionDifferences(from, to) : differences(from, to)
    return inside.map((difference) => changed(section, id, difference))
  })
}

function diffOrder(section: Section, before: Things, after: Things): readonly Change[] {
  if (!section.ordered) return []
  return orderDifference(before, after, []).map((difference) => changed(section, null, difference))
}

function wholeSection(section: Section, from: Json | undefined, to: Json | undefined): readonly Change[] {
  if (from === undefined || to === undefined) return [cameOrWent(section, null, from, to)]
  return differences(from, to).map((difference) => changed(section, null, difference))
}
