import type { Lever } from '../domain/arbitration.ts'
import type { WeighedCandidate } from '../domain/candidate.ts'
import type { Action } from '../domain/catalogue.ts'
import type { CustomerFirst, Expected, LeverCost } from '../domain/decision.ts'
import type { Situation } from '../domain/situation.ts'
import { type Choice, chooseSlates } from './choose/choose.ts'
import { GREEDY } from './choose/policy.ts'
import { priorityOf } from './weigh.ts'

/**
 * The answer in the customer’s order, and what levers cost: the same choice over the same candidates by other
 * priorities. Null where nobody asks to explain and no lever moves anything.
 */
export function customerFirst(
  candidates: readonly WeighedCandidate[],
  situation: Situation,
): CustomerFirst | null {
  const permitted = candidates.filter(({ refusals }) => refusals.length === 0)
  const isPushed = permitted.some(({ play }) => play.lever !== 1)
  if (!isPushed && situation.request.explain === 'none') return null
  const { powers } = situation.catalogue.arbitration
  const chosenBy = (priority: (candidate: WeighedCandidate) => number) =>
    chooseSlates(
      permitted.map((candidate) => ({ ...candidate, priority: priority(candidate) })),
      situation,
      GREEDY,
    )
  const byPriority = chosenBy(({ priority }) => priority!)
  const withoutLevers = isPushed
    ? chosenBy(({ propensity, contextWeight, value }) =>
        priorityOf(propensity!, contextWeight, value!, 1, powers),
      )
    : byPriority
  const first = chosenBy(({ propensity, contextWeight }) =>
    priorityOf(propensity!, contextWeight, 1, 1, powers),
  )
  const [was, is] = [shownIn(withoutLevers), shownIn(byPriority)]
  return {
    placements: first.map(({ slate, shown }) => ({
      placement: situation.catalogue.placements.get(slate.placement)!,
      actions: shown.map(({ candidate }) => candidate.action),
    })),
    expected: {
      customerFirst: expectedOf(shownIn(first)),
      withoutLevers: expectedOf(was),
      byPriority: expectedOf(is),
    },
    push: { ...less(expectedOf(was), expectedOf(is)), levers: costOfLevers(was, is) },
  }
}

function shownIn(choices: readonly Choice[]): WeighedCandidate[] {
  return choices.flatMap(({ shown }) => shown.map(({ candidate }) => candidate))
}

function expectedOf(shown: readonly WeighedCandidate[]): Expected {
  let [propensity, margin] = [0, 0]
  for (const { propensity: p, value } of shown) {
    propensity += p!
    margin += p! * value!
  }
  return { propensity, margin }
}

function less(a: Expected, b: Expected): Expected {
  return { propensity: a.propensity - b.propensity, margin: a.margin - b.margin }
}

/**
 * Shares what all levers cost among those that did it: what levers pushed out of the answer is set beside what they
 * pushed in, rank by rank, and the difference of a pair goes to the levers that lift the one or lower the other, by
 * their percents. A lever that both have moved nothing between them. What no lever of its own moved went with the
 * others (a group was full, another language was spoken), so those share it.
 */
function costOfLevers(was: readonly WeighedCandidate[], is: readonly WeighedCandidate[]): LeverCost[] {
  const [out, into] = [notIn(was, is), notIn(is, was)]
  const pairs = Array.from({ length: Math.max(out.length, into.length) }, (_, i) => {
    const [lost, won] = [out.slice(i, i + 1), into.slice(i, i + 1)]
    const levers = responsible(lost[0]?.play.levers ?? [], won[0]?.play.levers ?? [])
    return { cost: less(expectedOf(lost), expectedOf(won)), levers }
  })
  const moved = oncePerName(pairs.flatMap(({ levers }) => levers))
  const others = moved.length > 0 ? moved : oncePerName([...was, ...is].flatMap(({ play }) => play.levers))
  const costs = new Map<string, { propensity: number; margin: number }>()
  for (const { cost, levers: own } of pairs) {
    const levers = own.length > 0 ? own : others
    const sum = levers.reduce((total, { percent }) => total + Math.abs(percent), 0)
    for (const { name, percent } of levers) {
      const share = Math.abs(percent) / sum
      const known = costs.get(name) ?? { propensity: 0, margin: 0 }
      known.propensity += cost.propensity * share
      known.margin += cost.margin * share
      costs.set(name, known)
    }
  }
  return [...costs].map(([lever, cost]) => ({ lever, ...cost }))
}

/** Those that lift what was won or lower what was lost; all of both where there are none such. */
function responsible(lost: readonly Lever[], won: readonly Lever[]): readonly Lever[] {
  const lowered = withoutThose(lost, won).filter(({ percent }) => percent < 0)
  const lifted = withoutThose(won, lost).filter(({ percent }) => percent > 0)
  const did = [...lifted, ...lowered]
  return did.length > 0 ? did : [...won, ...withoutThose(lost, won)]
}

function withoutThose(levers: readonly Lever[], others: readonly Lever[]): Lever[] {
  return levers.filter(({ name }) => others.every((other) => other.name !== name))
}

function oncePerName(levers: readonly Lever[]): Lever[] {
  return [...new Map(levers.map((lever) => [lever.name, lever])).values()]
}

/** By action and what it is worth: one that only changed its placement is in both. */
function notIn(shown: readonly WeighedCandidate[], other: readonly WeighedCandidate[]): WeighedCandidate[] {
  const left = new Map<Action, number[]>()
  for (const { action, value } of other) left.set(action, [...(left.get(action) ?? []), value!])
  return shown.filter(({ action, value }) => {
    const values = left.get(action) ?? []
    const at = values.indexOf(value!)
    if (at >= 0) values.splice(at, 1)
    return at < 0
  })
}
