import type { Powers } from '../domain/arbitration.ts'
import type { Candidate } from '../domain/candidate.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Item, Slate, Verdict } from '../domain/decision.ts'
import { type Reason, reason } from '../domain/reason.ts'
import type { SlateCode } from '../domain/reason-sentences.ts'
import type { Situation } from '../domain/situation.ts'
import { type Admission, isQuietOnly, isSoldOutOnly, isUncheckedOnly, waitsForTime } from './admission.ts'
import type { Choice } from './choose/choose.ts'
import type { Slot } from './choose/slot.ts'
import { factorsOf } from './factors.ts'
import { isHeldOutOnly } from './holdout.ts'
import { isSwitchedOff } from './judge/switched.ts'
import { lookupLanguage } from './language.ts'
import { makeTemplateValues } from './template-values.ts'

/**
 * Step 7: a choice becomes a slate: its contents, the reasons of its items, and why it is not full.
 * @param everyone - all candidates of the placement, asked for where it is empty
 */
export function toSlate(
  choice: Choice,
  everyone: () => readonly Candidate[],
  situation: Situation,
  admission: Admission,
): Slate {
  const { placement: id, limit } = choice.slate
  const placement = situation.catalogue.placements.get(id)!
  const items = itemsOf(choice, situation)
  const code = items.length >= limit ? undefined : slateCode(choice, everyone, situation)
  const outbound = situation.catalogue.channels.get(placement.channel)!.direction === 'outbound'
  const empty = placement.fallback === undefined || outbound ? 'empty' : 'fallback'
  const status = items.length === 0 ? empty : items.length < limit ? 'partial' : 'filled'
  const notBefore = outbound && items.length === 0 ? admission.earliest(everyone()) : null
  return { placement, status, code, items, selectionProbability: jointOf(items), notBefore }
}

/** Below it the product of chances is not exact any more. */
const LEAST_NORMAL = 2 ** -1022

/** The chance of exactly these items in this order; null where it is too small to be told. */
export function jointOf(items: readonly Item[]): number | null {
  const joint = items.reduce((product, item) => product * item.selectionProbability, 1)
  return joint < LEAST_NORMAL ? null : joint
}

/** The chosen actions with what they show. */
export function itemsOf({ slots, shown, line }: Choice, situation: Situation): Item[] {
  const { powers } = situation.catalogue.arbitration
  const valuesOf = makeTemplateValues(situation)
  return shown.map(({ candidate, treatment, locale }, i): Item => {
    const { action, propensity, priority } = candidate
    const { chance, byChance } = slots[i]!
    return {
      rank: i + 1,
      action,
      treatment,
      locale,
      // What it lacks was asked when it was judged: it renders.
      content: treatment.content.get(locale)!.render(valuesOf(action), locale) as Json,
      propensity: propensity!,
      priority: priority!,
      selectionProbability: chance,
      why: [
        reason(byChance ? 'drawn_by_chance' : 'best_of_permitted', {
          rank: line.indexOf(candidate) + 1,
          permitted: line.length,
          tier: action.tier,
          factors: factorsOf(candidate, powers),
          priority: priority!,
        }),
      ],
    }
  })
}

/** How each candidate of a placement ended. */
export function verdictsOf(
  choice: Choice,
  candidates: readonly Candidate[],
  items: readonly Item[],
  situation: Situation,
  admission: Admission,
): Verdict[] {
  const placement = situation.catalogue.placements.get(choice.slate.placement)!
  const ends = makeEnds(choice, items, situation.catalogue.arbitration.powers)
  const chances = chancesIn(choice.slots)
  return candidates.map((candidate): Verdict => {
    const { action, propensity, contextWeight, value, play, priority } = candidate
    const changes = candidate.refusals.length > 0 ? admission.changes(candidate) : []
    return {
      action,
      placement,
      ...ends(candidate),
      changes,
      propensity,
      contextWeight,
      value,
      lever: play.lever,
      priority,
      selectionProbability: chances.get(candidate) ?? null,
    }
  })
}

function makeEnds(
  { slate: { limit }, line, language, slots, shown, crowdedOut }: Choice,
  items: readonly Item[],
  powers: Powers,
) {
  const chosen = new Map(shown.map(({ candidate }, i) => [candidate, items[i]!]))
  const rankOf = new Map(line.map((candidate, i) => [candidate, i + 1]))
  const drawn = new Set(slots.filter(({ byChance }) => byChance).map(({ field }) => field[0]!.action.tier))
  return (candidate: Candidate): Pick<Verdict, 'status' | 'reasons'> => {
    if (candidate.refusals.length > 0) return refused(...candidate.refusals)
    const item = chosen.get(candidate)
    if (item !== undefined) return { status: 'selected', reasons: item.why }
    const tooMany = crowdedOut.get(candidate)
    if (tooMany !== undefined) return refused(tooMany)
    if (shown.length > 0 && lookupLanguage(language, candidate.speaks) === undefined)
      return refused(reason('no_content_in_language', { language }))
    const told = {
      rank: rankOf.get(candidate)!,
      factors: factorsOf(candidate, powers),
      priority: candidate.priority!,
    }
    const why = drawn.has(candidate.action.tier)
      ? reason('not_drawn', told)
      : reason('outranked', { ...told, limit })
    return { status: 'outranked', reasons: [why] }
  }
}

function refused(...reasons: readonly Reason[]): Pick<Verdict, 'status' | 'reasons'> {
  return { status: 'refused', reasons }
}

/** Of each candidate in the slot it was drawn for, else in the last that it took part in. */
function chancesIn(slots: readonly Slot[]): ReadonlyMap<Candidate, number> {
  const chances = new Map<Candidate, number>()
  for (const slot of slots) {
    const own = slot.chances()
    for (const [i, candidate] of slot.field.entries()) chances.set(candidate, own[i]!)
  }
  return chances
}

function slateCode(
  { slate, slots, crowdedOut }: Choice,
  everyone: () => readonly Candidate[],
  situation: Situation,
): SlateCode {
  if (isSwitchedOff(situation, slate.placement)) return 'switched_off'
  if (situation.arm === 'holdout' && everyone().some(isHeldOutOnly)) return 'held_out'
  if (slots.length > 0) return 'fewer_than_limit'
  const candidates = everyone()
  if (candidates.length === 0) return 'no_candidates'
  const crowded = [...crowdedOut.values()]
  if (crowded.some(({ code }) => code === 'capped_by_answer')) return 'caps_used_up'
  if (crowded.some(({ code }) => code === 'volume_used_up')) return 'volumes_used_up'
  if (crowded.length > 0) return 'all_chosen_elsewhere'
  if (candidates.some(({ refusals }) => refusals[0]?.code === 'propensity_unknown'))
    return 'propensity_unknown'
  if (candidates.some(isUncheckedOnly)) return 'unchecked'
  if (candidates.some(isQuietOnly)) return 'quiet_hours'
  if (candidates.some(isSoldOutOnly)) return 'volumes_used_up'
  if (candidates.some(({ propensity }) => propensity !== null)) return 'nothing_above_threshold'
  return candidates.some(waitsForTime) ? 'not_now' : 'nothing_permitted'
}
