import type { ScoredCandidate } from '../domain/candidate.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Treatment } from '../domain/catalogue.ts'
import type { Item, Slate, Verdict } from '../domain/decision.ts'
import type { SlateRequest } from '../domain/decision-request.ts'
import type { ActionId } from '../domain/ids.ts'
import { type ReasonCode, reason, type Values } from '../domain/reason.ts'
import type { SlateCode } from '../domain/reason-sentences.ts'
import type { Situation } from '../domain/situation.ts'
import { type Admission, isQuietOnly, isUncheckedOnly, waitsForTime } from './admission.ts'
import { arbitrate, type Ranked } from './arbitration.ts'
import { isSwitchedOff } from './judge/switched.ts'
import { chooseLanguage, lookupLanguage, wantedLanguages } from './language.ts'
import { makeTemplateValues } from './template-values.ts'

export interface FilledSlates {
  readonly slates: readonly Slate[]
  readonly verdicts: readonly Verdict[]
}

/**
 * Steps 5 and 7: placement by placement in the catalogue’s order, slot by slot in rank. An action is shown once per
 * answer. The slate speaks one language: that of its best action. Slates come back in the order they were asked for.
 */
export function fillSlates(
  candidates: readonly ScoredCandidate[],
  situation: Situation,
  admission: Admission,
): FilledSlates {
  const { request, catalogue } = situation
  const placementOf = (slate: SlateRequest) => catalogue.placements.get(slate.placement)!
  const inOrder = [...request.slates].sort((a, b) => placementOf(a).order - placementOf(b).order)
  const takenBy = new Map<ActionId, string>()
  const filled = new Map<string, FilledSlate>()
  for (const slate of inOrder) {
    const own = candidates.filter((candidate) => candidate.placement === slate.placement)
    const result = fillSlate(slate, own, takenBy, situation, admission)
    for (const item of result.slate.items) takenBy.set(item.action.id, slate.placement)
    filled.set(slate.placement, result)
  }
  const asAsked = request.slates.map((slate) => filled.get(slate.placement)!)
  return { slates: asAsked.map((f) => f.slate), verdicts: asAsked.flatMap((f) => f.verdicts) }
}

interface FilledSlate {
  readonly slate: Slate
  readonly verdicts: readonly Verdict[]
}

function fillSlate(
  { placement: id, limit }: SlateRequest,
  candidates: readonly ScoredCandidate[],
  takenBy: ReadonlyMap<ActionId, string>,
  situation: Situation,
  admission: Admission,
): FilledSlate {
  const placement = situation.catalogue.placements.get(id)!
  const ranked = arbitrate(candidates, situation.seeds.get(id)!)
  const free = ranked.filter(({ candidate }) => !takenBy.has(candidate.action.id))
  const language = free.length === 0 ? '' : slateLanguage(free[0]!.candidate, situation)
  const spoken = new Map(free.map(({ candidate }) => [candidate, spokenIn(language, candidate)]))
  const speaking = free.filter(({ candidate }) => spoken.get(candidate) !== undefined)
  const valuesOf = makeTemplateValues(situation)
  const render = (candidate: ScoredCandidate): Shown => {
    const { treatment, locale } = spoken.get(candidate)!
    // What it lacks was asked when it was judged: it renders.
    const content = treatment.content.get(locale)!.render(valuesOf(candidate.action), locale) as Json
    return { treatment, locale, content }
  }
  const items = speaking
    .slice(0, limit)
    // The first slot settles the language, so it is drawn among all that are free.
    .map((entry, slot) =>
      makeItem(entry, slot, slot === 0 ? free : speaking, speaking.length, render(entry.candidate)),
    )

  const rankOf = new Map(speaking.map((entry, i) => [entry.candidate, i + 1]))
  const chosen = new Map(items.map((item) => [item.action.id, item]))
  const verdicts = candidates.map((candidate): Verdict => {
    const { action, propensity, priority } = candidate
    const { status, reasons } = judgement(candidate)
    const isAsked = candidate.refusals.length > 0 && situation.request.explain !== 'none'
    const changes = isAsked ? admission.changes(candidate) : []
    return { action, placement, status, reasons, changes, propensity, priority }
  })
  function judgement(candidate: ScoredCandidate): Pick<Verdict, 'status' | 'reasons'> {
    const { action, refusals } = candidate
    if (refusals.length > 0) return { status: 'refused', reasons: refusals }
    const item = chosen.get(action.id)
    if (item !== undefined) return { status: 'selected', reasons: item.why }
    const elsewhere = takenBy.get(action.id)
    if (elsewhere !== undefined) return refused('chosen_elsewhere', { placement: elsewhere })
    const rank = rankOf.get(candidate)
    if (rank === undefined) return refused('no_content_in_language', { language })
    return { status: 'outranked', reasons: [reason('outranked', { rank, limit })] }
  }

  const code =
    items.length >= limit
      ? undefined
      : slateCode(items.length, candidates, ranked, isSwitchedOff(situation, id))
  const outbound = situation.catalogue.channels.get(placement.channel)!.direction === 'outbound'
  const empty = placement.fallback === undefined || outbound ? 'empty' : 'fallback'
  const status = items.length === 0 ? empty : items.length < limit ? 'partial' : 'filled'
  const waits = outbound && (code === 'quiet_hours' || code === 'not_now')
  const notBefore = waits ? admission.earliest(candidates) : null
  return { slate: { placement, status, code, items, notBefore }, verdicts }
}

function makeItem(
  { candidate, ties }: Ranked,
  slot: number,
  drawnFrom: readonly Ranked[],
  permitted: number,
  { treatment, locale, content }: Shown,
): Item {
  const { action, propensity, priority } = candidate
  // Equals stand side by side.
  let equals = 1
  while (drawnFrom[slot + equals]?.ties === ties) equals++
  return {
    rank: slot + 1,
    action,
    treatment,
    locale,
    content,
    propensity: propensity!,
    priority: priority!,
    selectionProbability: 1 / equals,
    why: [
      reason('best_of_permitted', {
        rank: slot + 1,
        permitted,
        tier: action.tier,
        propensity: propensity!,
        value: action.value,
        priority: priority!,
      }),
    ],
  }
}

function slateLanguage(best: ScoredCandidate, situation: Situation): string {
  return chooseLanguage(wantedLanguages(situation), best.speaks)
}

function refused(code: ReasonCode, values: Values): Pick<Verdict, 'status' | 'reasons'> {
  return { status: 'refused', reasons: [reason(code, values)] }
}

interface Spoken {
  readonly treatment: Treatment
  /** The tag it is written under: the slate’s language, or a shorter form of it. */
  readonly locale: string
}

interface Shown extends Spoken {
  readonly content: Json
}

function spokenIn(language: string, { speaks }: ScoredCandidate): Spoken | undefined {
  const locale = lookupLanguage(language, speaks)
  return locale === undefined ? undefined : { locale, treatment: speaks.get(locale)! }
}

function slateCode(
  chosen: number,
  candidates: readonly ScoredCandidate[],
  ranked: readonly Ranked[],
  switchedOff: boolean,
): SlateCode {
  if (switchedOff) return 'switched_off'
  if (chosen > 0) return 'fewer_than_limit'
  if (candidates.length === 0) return 'no_candidates'
  if (ranked.length > 0) return 'all_chosen_elsewhere'
  if (candidates.some(({ refusals }) => refusals[0]?.code === 'propensity_unknown'))
    return 'propensity_unknown'
  if (candidates.some(isUncheckedOnly)) return 'unchecked'
  if (candidates.some(isQuietOnly)) return 'quiet_hours'
  const scoredOut = candidates.some((candidate) => candidate.propensity !== null)
  if (scoredOut) return 'nothing_above_threshold'
  return candidates.some(waitsForTime) ? 'not_now' : 'nothing_permitted'
}
