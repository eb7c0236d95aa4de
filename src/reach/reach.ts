import type { Action, Block, Catalogue, PolicyRule } from '../domain/catalogue.ts'
import type { PlacementId } from '../domain/ids.ts'
import { type RuleContext, Undecided } from '../domain/rule.ts'
import type { Visitor } from './visitor.ts'

/** What one rule came to for many visitors. `depends`: it may be either, as the moment has it. */
export interface Tally {
  holds: number
  fails: number
  missing: number
  depends: number
}

/** A rule with whose it is. */
export interface TalliedRule {
  readonly owner: string
  readonly level: PolicyRule['level'] | 'block'
  readonly source: string
  readonly tally: Tally
}

export interface Reach {
  /** For each visitor, how many actions may reach him at some moment. */
  readonly counts: readonly number[]
  /** Active actions that reach none of them. */
  readonly never: readonly Action[]
  /** How many action × visitor pairs fail only for want of a value, by the name that is missing. */
  readonly missing: ReadonlyMap<string, ReadonlySet<Action>>
  readonly rules: readonly TalliedRule[]
}

/**
 * What may ever reach visitors, whatever the request’s context, stock, prices and the hour: an action counts when no
 * rule rules it out for certain in at least one placement. Switches, contact policy and thresholds are not asked.
 */
export function reachOf(catalogue: Catalogue, visitors: readonly Visitor[], now: number): Reach {
  const actions = catalogue.actions.filter(({ active, validTo }) => active && validTo > now)
  const placements = placementsOf(catalogue)
  const tallies = new Map<object, TalliedRule>()
  const never = new Set(actions)
  const missing = new Map<string, Set<Action>>()
  const counts = visitors.map((visitor) => {
    let count = 0
    for (const action of actions) {
      const outcome = outcomeFor(action, visitor)
      if (outcome === true) {
        count++
        never.delete(action)
      } else if (outcome !== false) {
        missing.set(outcome, (missing.get(outcome) ?? new Set()).add(action))
      }
    }
    return count
  })
  return { counts, never: [...never], missing, rules: [...tallies.values()] }

  /** True, false, or the name whose want alone rules it out. */
  function outcomeFor(action: Action, visitor: Visitor): boolean | string {
    if (isDenied(catalogue, action, visitor)) return false
    let why: boolean | string = false
    for (const { id, channel } of placements.get(action) ?? []) {
      const context: RuleContext = { ...visitor.context, channel, placement: id, action }
      const here = rulesFor(action, context)
      if (here === true) return true
      if (here !== false) why = here
    }
    return why
  }

  function rulesFor(action: Action, context: RuleContext): boolean | string {
    let wanting: string | undefined
    let refused = false
    for (const [owner, level, rule, admits] of rulesOf(catalogue, action)) {
      const outcome = rule.evaluate(context)
      record(owner, level, rule, outcome)
      if (outcome instanceof Undecided) {
        if (outcome.kind !== 'open') wanting ??= outcome.name
      } else if (outcome !== admits) refused = true
    }
    return refused ? false : (wanting ?? true)
  }

  function record(
    owner: string,
    level: TalliedRule['level'],
    rule: PolicyRule['rule'],
    outcome: boolean | Undecided,
  ): void {
    const key = rule
    let entry = tallies.get(key)
    if (entry === undefined) {
      entry = { owner, level, source: rule.source, tally: { holds: 0, fails: 0, missing: 0, depends: 0 } }
      tallies.set(key, entry)
    }
    if (outcome === true) entry.tally.holds++
    else if (outcome === false) entry.tally.fails++
    else if (outcome.kind === 'open') entry.tally.depends++
    else entry.tally.missing++
  }
}

type RuleOf = readonly [owner: string, level: TalliedRule['level'], rule: Block['when'], admits: boolean]

function rulesOf({ blocks }: Catalogue, action: Action): RuleOf[] {
  return [
    ...blocks
      .filter(({ tiers }) => tiers.has(action.tier))
      .map(({ id, when }): RuleOf => [`block ${id}`, 'block', when, false]),
    ...action.policy.map(
      ({ level, group, rule }): RuleOf => [
        group === undefined ? `action ${action.id}` : `group ${group}`,
        level,
        rule,
        true,
      ],
    ),
  ]
}

function isDenied({ purposes }: Catalogue, { purpose: id }: Action, { refusesConsent }: Visitor): boolean {
  const purpose = id === undefined ? undefined : purposes.get(id)
  if (purpose === undefined) return false
  return purpose.default === 'deny' || (refusesConsent && purpose.basis === 'consent')
}

function placementsOf({ actions, plays, placements }: Catalogue) {
  const of = new Map<Action, { readonly id: PlacementId; readonly channel: string }[]>()
  for (const [id, list] of plays) {
    const { channel } = placements.get(id)!
    for (const { position } of list) {
      const action = actions[position]!
      const known = of.get(action)
      if (known === undefined) of.set(action, [{ id, channel }])
      else known.push({ id, channel })
    }
  }
  return of
}
