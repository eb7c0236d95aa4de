import type { Lever } from '../domain/arbitration.ts'
import type { Candidate } from '../domain/candidate.ts'
import type { Action } from '../domain/catalogue.ts'
import type { CustomerFirst, Expected, LeverCost } from '../domain/decision.ts'
import type { Situation } from '../domain/situation.ts'
import type { Tier } from '../domain/tier.ts'
import { type Choice, chooseSlates } from './choose/choose.ts'
import { GREEDY } from './choose/policy.ts'
import { priorityOf } from './weigh.ts'

/**
 * The answer in the customer’s order, and what levers cost: the same choice over the same candidates by other
 * priorities. Null where nobody asks to explain and no lever moves anything.
 * @param byPriority - the choice by priority, where it was made already
 */
export function customerFirst(
  candidates: readonly Candidate[],
  situation: Situation,
  byPriority: readonly Choice[] | null = null,
): CustomerFirst | null {
  const permitted = candidates.filter(({ refusals }) => refusals.length === 0)
  const isPushed = areApart(permitted)
  const explains = situation.request.explain !== 'none'
  if (!isPushed && !explains) return null
  const { powers } = situation.catalogue.arbitration
  const chosenBy = (priority: (candidate: Candidate) => number) =>
    chooseSlates(
      permitted.map((candidate) => ({ ...candidate, priority: priority(candidate) })),
      situation,
      GREEDY,
    )
  const pushed = byPriority ?? chosenBy(({ priority }) => priority!)
  const plain = ({ propensity, contextWeight, value }: Candidate) =>
    priorityOf(propensity!, contextWeight, value!, 1, powers)
  const withoutLevers = isPushed ? chosenBy(plain) : pushed
  const first = explains
    ? chosenBy(({ propensity, contextWeight }) => priorityOf(propensity!, contextWeight, 1, 1, powers))
    : null
  const [was, is] = [shownIn(withoutLevers), shownIn(pushed)]
  return {
    placements: (first ?? []).map(({ slate, shown }) => ({
      placement: situation.catalogue.placements.get(slate.placement)!,
      actions: shown.map(({ candidate }) => candidate.action),
    })),
    expected: {
      customerFirst: first === null ? null : expectedOf(shownIn(first)),
      withoutLevers: expectedOf(was),
      byPriority: expectedOf(is),
    },
    push: { ...less(expectedOf(was), expectedOf(is)), levers: costOfLevers(was, is, plain) },
  }
}

/** Whether levers move anything past anything: what lifts all of a tier alike does not. */
function areApart(permitted: readonly Candidate[]): boolean {
  const first = new Map<Tier, number>()
  return permitted.some(({ action: { tier }, play: { lever } }) => {
    const other = first.get(tier)
    if (other === undefined) first.set(tier, lever)
    return other !== undefined && other !== lever
  })
}

function shownIn(choices: readonly Choice[]): Candidate[] {
  return choices.flatMap(({ shown }) => shown.map(({ candidate }) => candidate))
}

function expectedOf(shown: readonly Candidate[]): Expected {
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
 * their percents. A lever that both have moved nothing between them. What no lever of its own moved went with what else
 * was moved (a group was full, another language was spoken): it goes to the levers that changed an order in the answer.
 */
function costOfLevers(
  was: readonly Candidate[],
  is: readonly Candidate[],
  plain: (candidate: Candidate) => number,
): LeverCost[] {
  const [out, into] = [notIn(was, is), notIn(is, was)]
  let movers: readonly Lever[] | undefined
  const costs = new Map<string, { propensity: number; margin: number }>()
  for (let i = 0; i < Math.max(out.length, into.length); i++) {
    const [lost, won] = [out[i], into[i]]
    const cost = less(
      expectedOf(lost === undefined ? [] : [lost]),
      expectedOf(won === undefined ? [] : [won]),
    )
    let levers = responsible(lost?.play.levers ?? [], won?.play.levers ?? [])
    if (levers.length === 0 || lost === undefined || won === undefined) {
      movers ??= moversOf([...new Set([...was, ...is])], plain)
      levers = movers
    }
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

/** The levers by which one of these came before another that would come before it without them; all, where none did. */
function moversOf(shown: readonly Candidate[], plain: (candidate: Candidate) => number): readonly Lever[] {
  const movers: Lever[] = []
  for (const won of shown) {
    for (const lost of shown) {
      if (won.action.tier !== lost.action.tier || plain(won) >= plain(lost)) continue
      if (plain(won) * won.play.lever > plain(lost) * lost.play.lever)
        movers.push(...responsible(lost.play.levers, won.play.levers))
    }
  }
  return oncePerName(movers.length > 0 ? movers : shown.flatMap(({ play }) => play.levers))
}

/** Those that lift what was won or lower what was lost. */
function responsible(lost: readonly Lever[], won: readonly Lever[]): readonly Lever[] {
  const lowered = withoutThose(lost, won).filter(({ percent }) => percent < 0)
  const lifted = withoutThose(won, lost).filter(({ percent }) => percent > 0)
  return [...lifted, ...lowered]
}

function withoutThose(levers: readonly Lever[], others: readonly Lever[]): Lever[] {
  return levers.filter(({ name }) => others.every((other) => other.name !== name))
}

function oncePerName(levers: readonly Lever[]): Lever[] {
  return [...new Map(levers.map((lever) => [lever.name, lever])).values()]
}

/** By action and what it is worth: one that only changed its placement is in both. */
function notIn(shown: readonly Candidate[], other: readonly Candidate[]): Candidate[] {
  const left = new Map<Action, number[]>()
  for (const { action, value } of other) left.set(action, [...(left.get(action) ?? []), value!])
  return shown.filter(({ action, value }) => {
    const values = left.get(action) ?? []
    const at = values.indexOf(value!)
    if (at >= 0) values.splice(at, 1)
    return at < 0
  })
}
