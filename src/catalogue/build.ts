import { parseAgainst, type WrittenDocument } from '../documents/read-document.ts'
import { canonicalJson, type Json, sha256Hex } from '../domain/canonical-json.ts'
import type {
  Action,
  Catalogue,
  Channel,
  Placement,
  Play,
  Scalar,
  Treatment,
  TypeSpec,
} from '../domain/catalogue.ts'
import { EmmaError, type Fault } from '../domain/errors.ts'
import type { ActionId, ChannelId, PlacementId, TreatmentId } from '../domain/ids.ts'
import { type CatalogueDocument, catalogueDocumentSchema, laterKey } from './document.ts'

/**
 * From what an editor wrote to what decides: form, then references, then the indexed, immutable catalogue.
 * @throws EmmaError `catalogue_invalid` with every fault and its place.
 */
export function buildCatalogue(written: WrittenDocument): Catalogue {
  const document = parseAgainst(catalogueDocumentSchema, written, 'catalogue_invalid', laterKey)
  const faults = referenceFaults(document, (path) => written.place(path))
  if (faults.length > 0) throw new EmmaError('catalogue_invalid', faults)

  // In the order of the version’s hash: what is written elsewhere in the file is no other catalogue.
  const actions = [...document.actions].sort(byId).map(toAction)
  const placements = new Map(
    document.placements.map((p): [PlacementId, Placement] => [p.id as PlacementId, toPlacement(p)]),
  )
  return {
    version: versionOf(document),
    ...document.defaults,
    customerTypes: toTypes(document.types.customer),
    contextTypes: toTypes(document.types.context),
    model: document.models[0]?.id,
    target: document.target,
    channels: toChannels(document),
    placements,
    actions,
    positionOf: new Map(actions.map((action, position) => [action.id, position])),
    plays: indexPlays(actions, placements.keys()),
  }
}

/** The same document gives the same version, in whatever order its lists are written. */
function versionOf(document: CatalogueDocument): string {
  const sorted = {
    ...document,
    placements: [...document.placements].sort(byId),
    groups: [...document.groups].sort(byId),
    actions: [...document.actions].sort(byId),
  }
  return sha256Hex(canonicalJson(sorted as unknown as Json)).slice(0, 16)
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}

function referenceFaults(document: CatalogueDocument, place: (path: PropertyKey[]) => string): Fault[] {
  const faults: Fault[] = []
  const placements = new Set(document.placements.map((p) => p.id))
  const groups = new Set(document.groups.map((g) => g.id))
  const channels = Object.keys(document.channels)
  const twice = (list: readonly { id: string }[], base: PropertyKey[], what: string) => {
    const first = new Map<string, number>()
    list.forEach(({ id }, i) => {
      if (first.has(id))
        faults.push({
          place: place([...base, i, 'id']),
          what: `a second ${what} is called "${id}"`,
          remedy: 'give each its own id',
        })
      else first.set(id, i)
    })
  }
  twice(document.placements, ['placements'], 'placement')
  twice(document.groups, ['groups'], 'group')
  twice(document.actions, ['actions'], 'action')
  document.placements.forEach((placement, i) => {
    if (channels.length > 0 && !channels.includes(placement.channel)) {
      faults.push({
        place: place(['placements', i, 'channel']),
        what: `channel "${placement.channel}" is not declared`,
        remedy: `declare it under channels, or use one of ${channels.join(', ')}`,
      })
    }
  })
  document.actions.forEach((action, i) => {
    if (action.group !== undefined && groups.size > 0 && !groups.has(action.group)) {
      faults.push({
        place: place(['actions', i, 'group']),
        what: `group "${action.group}" is not declared`,
        remedy: 'declare it under groups',
      })
    }
    const { from, to } = action.validity ?? {}
    if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) {
      faults.push({
        place: place(['actions', i, 'validity']),
        what: 'validity ends before it begins',
        remedy: 'let from be earlier than to',
      })
    }
    twice(action.treatments, ['actions', i, 'treatments'], 'treatment of this action')
    action.treatments.forEach((treatment, j) => {
      const tags = Object.keys(treatment.content)
      tags.forEach((tag, k) => {
        if (tags.findIndex((other) => other.toLowerCase() === tag.toLowerCase()) !== k) {
          faults.push({
            place: place(['actions', i, 'treatments', j, 'content', tag]),
            what: `language "${tag}" is written twice`,
            remedy: 'keep one; upper and lower case are the same language',
          })
        }
      })
      treatment.for.forEach((id, k) => {
        if (!placements.has(id)) {
          faults.push({
            place: place(['actions', i, 'treatments', j, 'for', k]),
            what: `placement "${id}" is not in the catalogue`,
            remedy: `use one of ${[...placements].slice(0, 12).join(', ')}`,
          })
        }
      })
    })
  })
  for (const [section, types] of Object.entries(document.types)) {
    for (const [name, spec] of Object.entries(types)) {
      if (typeof spec === 'string' || spec.default === undefined) continue
      const given = typeof spec.default === 'boolean' ? 'bool' : typeof spec.default
      if (given !== spec.type) {
        faults.push({
          place: place(['types', section, name, 'default']),
          what: `the default is a ${given}, the type says ${spec.type}`,
          remedy: `make it a ${spec.type}`,
        })
      }
    }
  }
  return faults
}

function toAction(written: CatalogueDocument['actions'][number]): Action {
  return {
    id: written.id as ActionId,
    active: written.status === 'active',
    kind: written.kind,
    tier: written.tier,
    group: written.group,
    value: written.value,
    minPropensity: written.minPropensity,
    validFrom:
      written.validity?.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(written.validity.from),
    validTo: written.validity?.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(written.validity.to),
    attributes: written.attributes,
    treatments: written.treatments.map(toTreatment),
  }
}

function toTreatment(written: CatalogueDocument['actions'][number]['treatments'][number]): Treatment {
  return {
    id: written.id as TreatmentId,
    placements: written.for as PlacementId[],
    content: new Map(
      Object.entries(written.content).map(([tag, value]) => [tag.toLowerCase(), value as Json]),
    ),
  }
}

function toPlacement(written: CatalogueDocument['placements'][number]): Placement {
  return {
    id: written.id as PlacementId,
    channel: written.channel as ChannelId,
    contentType: written.contentType,
    order: written.order,
    fallback: written.fallback as Json | undefined,
  }
}

/** Channels that are only named by a placement are inbound: a short document stays short. */
function toChannels(document: CatalogueDocument): ReadonlyMap<ChannelId, Channel> {
  const named = document.placements.map((p): [string, { direction: 'inbound' | 'outbound' }] => [
    p.channel,
    { direction: 'inbound' },
  ])
  return new Map(
    [...named, ...Object.entries(document.channels)].map(([id, { direction }]) => [
      id as ChannelId,
      { id: id as ChannelId, direction },
    ]),
  )
}

function toTypes(written: CatalogueDocument['types']['customer']): ReadonlyMap<string, TypeSpec> {
  return new Map(
    Object.entries(written).map(([name, spec]): [string, TypeSpec] => {
      if (typeof spec === 'string') return [name, { type: spec }]
      return [
        name,
        spec.default === undefined
          ? { type: spec.type }
          : { type: spec.type, default: spec.default as Scalar },
      ]
    }),
  )
}

function indexPlays(
  actions: readonly Action[],
  placements: Iterable<PlacementId>,
): ReadonlyMap<PlacementId, readonly Play[]> {
  const plays = new Map<PlacementId, Play[]>([...placements].map((id) => [id, []]))
  actions.forEach((action, position) => {
    for (const [id, list] of plays) {
      const treatments = action.treatments.filter((treatment) => treatment.placements.includes(id))
      if (treatments.length > 0) list.push({ position, speaks: languagesOf(treatments) })
    }
  })
  return plays
}

function languagesOf(treatments: readonly Treatment[]): ReadonlyMap<string, Treatment> {
  const speaks = new Map<string, Treatment>()
  for (const treatment of treatments) {
    for (const tag of treatment.content.keys()) if (!speaks.has(tag)) speaks.set(tag, treatment)
  }
  return speaks
}
