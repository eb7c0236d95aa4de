import { PERSONALISATION } from '../domain/consent.ts'
import { ACTION_FIELDS } from '../domain/rule.ts'
import type { Steps } from '../domain/steps.ts'
import type { CatalogueDocument } from './document.ts'
import type { Reading } from './reading.ts'
import { checkDuplicates, tellDuplicates } from './references/duplicates.ts'
import { type CatalogueNames, remedyFor } from './references/names.ts'
import { checkTreatments } from './references/treatments.ts'
import { checkTypes } from './references/types.ts'
import type { Path } from './set-aside.ts'

/** Tells everything that names what is not there, is there twice, or contradicts what is there. */
export function* checkReferences(reading: Reading, names: CatalogueNames): Steps<void> {
  const { document } = reading
  checkDuplicates(reading)
  checkTypes(reading)
  const named = (kind: keyof typeof SECTIONS, id: string, path: Path) =>
    tellUnknown(kind, id, path, names, reading)
  const where = (written: Where, path: Path) => checkWhere(written, path, named)

  for (const [name, spec] of Object.entries(document.types.customer))
    if (typeof spec !== 'string' && spec.purpose !== undefined && spec.purpose !== PERSONALISATION)
      named('purpose', spec.purpose, ['types', 'customer', name, 'purpose'])
  for (const [i, { channel }] of document.placements.entries())
    named('channel', channel, ['placements', i, 'channel'])
  for (const [i, { purpose }] of document.groups.entries())
    if (purpose !== undefined) named('purpose', purpose, ['groups', i, 'purpose'])
  for (const [i, action] of document.actions.entries()) {
    const path = ['actions', i]
    if (action.group !== undefined) named('group', action.group, [...path, 'group'])
    if (action.purpose !== undefined) named('purpose', action.purpose, [...path, 'purpose'])
    checkValidity(action, path, reading)
    checkAttributeNames(action, path, reading)
    tellDuplicates(action.treatments, [...path, 'treatments'], 'treatment of this action', reading.tell)
    checkTreatments(action.treatments, [...path, 'treatments'], names, reading)
    yield
  }
  for (const section of ['models', 'contactPolicies', 'volumes'] as const)
    for (const [i, item] of document[section].entries()) where(item.where, [section, i, 'where'])
  for (const [i, weight] of document.arbitration?.contextWeights.entries() ?? [])
    where(weight.where, ['arbitration', 'contextWeights', i, 'where'])
}

/** Where things of a kind are declared. */
const SECTIONS = {
  channel: 'channels',
  placement: 'placements',
  group: 'groups',
  action: 'actions',
  purpose: 'purposes',
} as const

function tellUnknown(
  kind: keyof typeof SECTIONS,
  id: string,
  path: Path,
  names: CatalogueNames,
  reading: Reading,
): void {
  const { ids, complete } = names[kind]
  if (!complete || ids.has(id)) return
  const remedy = remedyFor(id, names[kind], `declare it under ${SECTIONS[kind]}`)
  reading.tell(path, `${kind} "${id}" is not in the catalogue`, remedy)
}

type Where = CatalogueDocument['volumes'][number]['where'] | undefined

function checkWhere(
  written: Where,
  path: Path,
  named: (kind: 'channel' | 'placement' | 'group' | 'action', id: string, path: Path) => void,
): void {
  for (const kind of ['channel', 'placement', 'group', 'action'] as const) {
    const ids = written?.[kind]
    if (typeof ids === 'string') named(kind, ids, [...path, kind])
    else for (const [k, id] of ids?.entries() ?? []) named(kind, id, [...path, kind, k])
  }
}

type WrittenAction = CatalogueDocument['actions'][number]

function checkValidity({ validity }: WrittenAction, path: Path, reading: Reading): void {
  const { from, to } = validity ?? {}
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to))
    reading.tell([...path, 'validity'], 'validity ends before it begins', 'let from be earlier than to')
}

/** An attribute named like what every action has could not be told from it. */
function checkAttributeNames({ attributes }: WrittenAction, path: Path, reading: Reading): void {
  for (const name of ACTION_FIELDS) {
    if (Object.hasOwn(attributes, name))
      reading.tell(
        [...path, 'attributes', name],
        `an attribute cannot be called "${name}": action.${name} is the action’s own`,
        'give it another name',
      )
  }
}
