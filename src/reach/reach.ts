import type { Action, Block, Catalogue, Play, PolicyRule } from '../domain/catalogue.ts'
import type { PlacementId } from '../domain/ids.ts'
import { type RuleContext, Undecided } from '../domain/rule.ts'
import { contentLack } from './content.ts'
import type { Visitor } from './visitor.ts'

/** What one rule came to for many visitors. `depends`: it may be either, as the moment has it. */
export interface Tally {
  holds: number
  fails: number
  /** Undecided for want of a value, or because one could not be worked with. */
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
  /** Actions that only want of a value keeps from some visitor, by the name that is missing. */
  readonly missing: ReadonlyMap<string, ReadonlySet<Action>>
  readonly rules: readonly TalliedRule[]
}

/**
 * What may ever reach visitors, whatever the request’s context, language, stock, prices and the hour: an action counts
 * when in at least one placement no rule rules it out for certain, and it has something to show there. Switches, contact
 * policy and thresholds are not asked.
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
    let why: boolean | string = false
    for (const { id, channel, play } of placements.get(action) ?? []) {
      if (visitor.denies(action.purpose ?? null, channel)) continue
      const known = visitor.contextOn(channel)
      const ruled = rulesFor(action, { ...known, channel, placement: id, action })
      const here = ruled === true ? (contentLack(play, action, known, catalogue) ?? true) : ruled
      if (here === true) return true
      if (here !== false) why = here
    }
    return why
  }

  function rulesFor(action: Action, context: RuleContext): boolean | string {
    let wanting: string | undefined
    let refused = false
    for (const [key, owner, level, rule, admits] of rulesOf(catalogue, action)) {
      const outcome = admits ? rule.evaluate(context) : blockOutcome(rule, context)
      record(key, owner, level, rule, outcome)
      if (outcome instanceof Undecided) {
        if (outcome.kind === 'missing') wanting ??= outcome.name
        else if (outcome.kind === 'failed') refused = true
      } else if (outcome !== admits) refused = true
    }
    // What nobody can tell the value of is refused, too.
    const value = action.valueRule?.evaluate(context)
    if (value instanceof Undecided) {
      if (value.kind === 'missing') wanting ??= value.name
      else if (value.kind === 'failed') refused = true
    }
    return refused ? false : (wanting ?? true)
  }

  function record(
    key: object,
    owner: string,
    level: TalliedRule['level'],
    rule: PolicyRule['rule'],
    outcome: boolean | Undecided,
  ): void {
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

/**
 * What a rule comes to that must not be true. Rules say whether they can come true: `missing && open` never can, and is
 * missing. But the moment can make it false, so a block that reads of the moment is open until it is decided.
 */
function blockOutcome(rule: Block['when'], context: RuleContext): boolean | Undecided {
  const outcome = rule.evaluate(context)
  if (!(outcome instanceof Undecided) || outcome.kind === 'open') return outcome
  const read = [...rule.reads].find((name) => /^(?:context|live)\.|^now$/.test(name))
  return read === undefined ? outcome : new Undecided('open', read)
}

/** With what it is told apart by: equal rules are one object. */
type RuleOf = readonly [
  key: object,
  owner: string,
  level: TalliedRule['level'],
  rule: Block['when'],
  admits: boolean,
]

function rulesOf({ blocks }: Catalogue, action: Action): RuleOf[] {
  return [
    ...blocks
      .filter(({ tiers }) => tiers.has(action.tier))
      .map((block): RuleOf => [block, `block ${block.id}`, 'block', block.when, false]),
    ...action.policy.map(
      (policy): RuleOf => [
        policy,
        policy.group === undefined ? `action ${action.id}` : `group ${policy.group}`,
        policy.level,
        policy.rule,
        true,
      ],
    ),
  ]
}

interface Place {
  readonly id: PlacementId
  readonly channel: string
  readonly play: Play
}

function placementsOf({ actions, plays, placements }: Catalogue): ReadonlyMap<Action, readonly Place[]> {
  const of = new Map<Action, Place[]>()
  for (const [id, list] of plays) {
    const { channel } = placements.get(id)!
    for (const play of list) {
      const action = actions[play.position]!
      const known = of.get(action)
      if (known === undefined) of.set(action, [{ id, channel, play }])
      else known.push({ id, channel, play })
    }
  }
  return of
}
