import { nearest } from '../../domain/nearest.ts'
import type { CatalogueDocument } from '../document.ts'
import type { Reading } from '../reading.ts'
import type { Path } from '../set-aside.ts'
import { type CatalogueNames, remedyFor } from './names.ts'

type Treatment = CatalogueDocument['actions'][number]['treatments'][number]

/** Holds the treatments of one action against placements, types and one another. */
export function checkTreatments(
  treatments: readonly Treatment[],
  base: Path,
  names: CatalogueNames,
  reading: Reading,
): void {
  const byId = new Map(treatments.map((treatment) => [treatment.id, treatment] as const).reverse())
  treatments.forEach((treatment, j) => {
    const path = [...base, j]
    checkLanguages(treatment, path, reading)
    checkPlacements(treatment, path, names, reading)
    checkNeeds(treatment, path, names, reading)
    checkOtherwise(treatment, byId, path, reading)
  })
  tellCycles(treatments, byId, base, reading)
  tellUnreachable(treatments, base, reading)
}

function tagsOf(treatment: Treatment): Set<string> {
  return new Set(Object.keys(treatment.content).map((tag) => tag.toLowerCase()))
}

function checkLanguages({ content }: Treatment, path: Path, reading: Reading): void {
  const seen = new Set<string>()
  for (const tag of Object.keys(content)) {
    if (seen.has(tag.toLowerCase()))
      reading.tell(
        [...path, 'content', tag],
        `language "${tag}" is written twice`,
        'keep one; upper and lower case are the same language',
      )
    seen.add(tag.toLowerCase())
  }
}

function checkPlacements(treatment: Treatment, path: Path, names: CatalogueNames, reading: Reading): void {
  const { ids, complete } = names.placement
  if (!complete) return
  treatment.for.forEach((id, k) => {
    if (ids.has(id)) return
    const remedy = remedyFor(id, names.placement, 'declare it under placements')
    reading.tell([...path, 'for', k], `placement "${id}" is not in the catalogue`, remedy)
  })
}

function checkNeeds({ needs }: Treatment, path: Path, names: CatalogueNames, reading: Reading): void {
  needs.forEach((name, k) => {
    const [root, field] = name.split('.') as ['customer' | 'context', string]
    const { ids, complete } = names[root]
    if (!complete || ids.has(field)) return
    const remedy = remedyFor(field, names[root], `declare it under types.${root}`, `${root}.`)
    reading.tell([...path, 'needs', k], `${name} is not declared under types.${root}`, remedy)
  })
}

function checkOtherwise(
  treatment: Treatment,
  byId: ReadonlyMap<string, Treatment>,
  path: Path,
  reading: Reading,
): void {
  const { otherwise } = treatment
  if (otherwise === undefined || otherwise === treatment.id) return
  const place = [...path, 'otherwise']
  const stand = byId.get(otherwise)
  if (stand === undefined) {
    const ids = new Set([...byId.keys()].filter((id) => id !== treatment.id))
    const others = { ids, near: (name: string) => nearest(name, ids) }
    const remedy = remedyFor(otherwise, others, 'write such a treatment, or remove otherwise')
    reading.tell(place, `treatment "${otherwise}" is not in this action`, remedy)
    return
  }
  const placements = treatment.for.filter((id) => !stand.for.includes(id))
  if (placements.length > 0)
    reading.tell(
      place,
      `treatment "${otherwise}" does not play in ${placements.join(', ')}, as this one does`,
      'add to its for what is missing',
    )
  const spoken = tagsOf(stand)
  const languages = Object.keys(treatment.content).filter((tag) => !spoken.has(tag.toLowerCase()))
  if (languages.length > 0)
    reading.tell(
      place,
      `treatment "${otherwise}" does not speak ${languages.join(', ')}, as this one does`,
      'add to its content what is missing',
    )
}

/** Each cycle once, beginning with the treatment that is written first. */
function tellCycles(
  treatments: readonly Treatment[],
  byId: ReadonlyMap<string, Treatment>,
  base: Path,
  reading: Reading,
): void {
  const done = new Set<string>()
  treatments.forEach(({ id }) => {
    const way: string[] = []
    let at: string | undefined = id
    while (at !== undefined && !done.has(at)) {
      done.add(at)
      way.push(at)
      at = byId.get(at)?.otherwise
    }
    const start = at === undefined ? -1 : way.indexOf(at)
    if (start < 0) return
    const cycle = way.slice(start)
    const first = treatments.findIndex((treatment) => cycle.includes(treatment.id))
    const turned = cycle.indexOf(treatments[first]!.id)
    const inOrder = [...cycle.slice(turned), ...cycle.slice(0, turned), cycle[turned]]
    reading.tell(
      [...base, first, 'otherwise'],
      `otherwise leads in a circle: ${inOrder.join(' → ')}`,
      'let the last of them need nothing, and remove its otherwise',
    )
  })
}

function tellUnreachable(treatments: readonly Treatment[], base: Path, reading: Reading): void {
  const stands = new Set(treatments.map(({ otherwise }) => otherwise))
  const taken = new Set<string>()
  const seen = new Set<string>()
  treatments.forEach((treatment, j) => {
    if (seen.has(treatment.id)) return
    seen.add(treatment.id)
    const plays = treatment.for.flatMap((placement) =>
      [...tagsOf(treatment)].map((tag) => JSON.stringify([placement, tag])),
    )
    if (plays.every((play) => taken.has(play)) && !stands.has(treatment.id))
      reading.tell(
        [...base, j],
        `treatment "${treatment.id}" is never shown: wherever it plays, an earlier one that needs nothing is`,
        'remove it, or write it before them with needs',
      )
    if (isCertain(treatment)) for (const play of plays) taken.add(play)
  })
}

/** Whether it can be shown to anybody: a template needs the names it says. */
function isCertain({ needs, content }: Treatment): boolean {
  return needs.length === 0 && !JSON.stringify(content).includes('{{')
}
