import type { Action, Placement, Play, Treatment } from '../domain/catalogue.ts'
import type { ContactPolicy } from '../domain/contact-policy.ts'
import type { PlacementId } from '../domain/ids.ts'
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
  const volumes = countersOf(counting.volumes)
  actions.forEach((action, position) => {
    const { id: actionId, group, tier, kind } = action
    for (const [placement, choices] of choicesByPlacement(action)) {
      const channel = placements.get(placement)?.channel
      if (channel === undefined) continue
      const facts = { channel, placement, action: actionId, group, tier, kind }
      plays.get(placement)!.push({
        ...toPlay(position, choices),
        facts,
        policies: policies(facts),
        volumes: volumes(facts),
        ...choosing.weighed(facts, action),
      })
    }
  })
  return plays
}

type Choices = ReadonlyMap<string, readonly Treatment[]>

function toPlay(position: number, choices: Choices): Pick<Play, 'position' | 'speaks' | 'choices'> {
  const speaks = new Map([...choices].map(([tag, [first]]) => [tag, first!] as const))
  const certain = [...speaks].every(([tag, first]) => isCertain(first, tag))
  return { position, speaks, choices: certain ? null : choices }
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
