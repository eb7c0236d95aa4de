import type { Scalar } from '../domain/attributes.ts'
import type { Action, Placement, Play, Treatment } from '../domain/catalogue.ts'
import { type ContactPolicy, isCap } from '../domain/contact-policy.ts'
import type { PlacementId } from '../domain/ids.ts'
import { NO_REASONS } from '../domain/reason.ts'
import { ACTION_FIELDS } from '../domain/rule.ts'
import type { Volume } from '../domain/volume.ts'
import type { Choosing } from './choosing.ts'
import { countersOf } from './selection.ts'

/** What may play where, in time proportional to what is written: every action looks only at its own placements. */
export function indexPlays(
  actions: readonly Action[],
  placements: ReadonlyMap<PlacementId, Placement>,
  counting: { readonly contactPolicies: readonly ContactPolicy[]; readonly volumes: readonly Volume[] },
  choosing: Pick<Choosing, 'weighed'>,
): ReadonlyMap<PlacementId, readonly Play[]> {
  const plays = new Map<PlacementId, Play[]>([...placements.keys()].map((id) => [id, []]))
  const policies = countersOf(counting.contactPolicies)
  const asks = makeAsks()
  const caps = countersOf(counting.contactPolicies.filter(isCap))
  const volumes = countersOf(counting.volumes)
  actions.forEach((action, position) => {
    const { id: actionId, group, tier, kind } = action
    for (const [placement, choices] of choicesByPlacement(action)) {
      const channel = placements.get(placement)?.channel
      if (channel === undefined) continue
      const facts = { channel, placement, action: actionId, group, tier, kind }
      plays.get(placement)!.push({
        ...toPlay(position, choices),
        asks: asks(action, choices),
        facts,
        policies: policies(facts),
        caps: caps(facts),
        volumes: volumes(facts),
        ...choosing.weighed(facts, action),
      })
    }
  })
  return plays
}

type Choices = ReadonlyMap<string, readonly Treatment[]>

function toPlay(position: number, choices: Choices): Pick<Play, 'position' | 'asWritten' | 'choices'> {
  const speaks = new Map([...choices].map(([tag, [first]]) => [tag, first!] as const))
  const certain = [...speaks].every(([tag, first]) => isCertain(first, tag))
  const asWritten = { speaks, refusals: NO_REASONS }
  return { position, asWritten, choices: certain ? null : choices }
}

/** What of its customer and the context an action needs to be shown as it is written. */
function makeAsks(): (action: Action, choices: Choices) => Play['asks'] {
  const lists = new Map<string, readonly string[]>()
  return (action, choices) => {
    const names = new Set<string>()
    for (const [tag, [first]] of choices) {
      for (const name of first!.needs) names.add(name)
      for (const name of first!.content.get(tag)!.reads) {
        const [root, field = ''] = name.split('.')
        if (root === 'customer' || root === 'context') names.add(name)
        else if (root !== 'action' || !isSurelyShown(valueIn(action, field))) return null
      }
    }
    const key = [...names].sort().join('\n')
    const list = lists.get(key) ?? [...names].sort()
    lists.set(key, list)
    return list
  }
}

function valueIn(action: Action, field: string): Scalar | undefined {
  const own = ACTION_FIELDS.find((known) => known === field)
  if (own !== undefined) return action[own]
  return Object.hasOwn(action.attributes, field) ? action.attributes[field] : undefined
}

/** A number, or a text with a letter or digit in it: no template finds it lacking. It never changes. */
function isSurelyShown(value: Scalar | undefined): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' && /[\p{L}\p{N}]/u.test(value)
}

/** Whether it can be shown to anybody. */
function isCertain({ needs, content }: Treatment, tag: string): boolean {
  return needs.length === 0 && content.get(tag)!.isStatic
}

/** By placement and language tag, the treatments that are written for both. */
function choicesByPlacement({ treatments }: Action): ReadonlyMap<PlacementId, Choices> {
  const byPlacement = new Map<PlacementId, Map<string, Treatment[]>>()
  for (const treatment of treatments) {
    for (const id of treatment.placements) {
      const choices = byPlacement.get(id) ?? new Map<string, Treatment[]>()
      byPlacement.set(id, choices)
      for (const tag of treatment.content.keys()) {
        const list = choices.get(tag)
        if (list === undefined) choices.set(tag, [treatment])
        else list.push(treatment)
      }
    }
  }
  return byPlacement
}
