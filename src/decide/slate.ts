import type { ScoredCandidate } from '../domain/candidate.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Treatment } from '../domain/catalogue.ts'
import type { Item, Slate, Verdict } from '../domain/decision.ts'
import type { SlateRequest } from '../domain/decision-request.ts'
import type { ActionId } from '../domain/ids.ts'
import { type Reason, type ReasonCode, reason, type Values } from '../domain/reason.ts'
import type { SlateCode } from '../domain/reason-sentences.ts'
import type { Situation } from '../domain/situation.ts'
import { type Admission, isQuietOnly, isUncheckedOnly, waitsForTime } from './admission.ts'
import { arbitrate, type Ranked } from './arbitration.ts'
import { makeRoom, type Room } from './judge/room.ts'
import { isSwitchedOff } from './judge/switched.ts'
import { chooseLanguage, lookupLanguage, wantedLanguages } from './language.ts'
import { makeTemplateValues } from './template-values.ts'

export interface FilledSlates {
  readonly slates: readonly Slate[]
  readonly verdicts: readonly Verdict[]
}

/**
 * Steps 5 and 7: placement by placement in the catalogue’s order, slot by slot in rank. An action is shown once per
 * answer, and what is shown counts for the caps of what comes after. The slate speaks one language: that of its best
 * action. Slates come back in the order they were asked for.
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
  const room = makeRoom(situation)
  const filled = new Map<string, FilledSlate>()
  for (const slate of inOrder) {
    const own = candidates.filter((candidate) => candidate.placement === slate.placement)
    const result = fillSlate(slate, own, takenBy, room, situation, admission)
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
  room: Room,
  situation: Situation,
  admission: Admission,
): FilledSlate {
  const placement = situation.catalogue.placements.get(id)!
  const ranked = arbitrate(candidates, situation.seeds.get(id)!)
  /** What there is no room for any more, and why. */
  const crowdedOut = new Map<ScoredCandidate, Reason>()
  const hasRoom = ({ candidate }: Ranked) => {
    const refusal = room.refusal(candidate)
    if (refusal !== null) crowdedOut.set(candidate, refusal)
    return refusal === null
  }
  const free = ranked.filter((entry) => !takenBy.has(entry.candidate.action.id) && hasRoom(entry))
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
  const items: Item[] = []
  for (let i = 0; i < speaking.length && items.length < limit; i++) {
    const entry = speaking[i]!
    if (!hasRoom(entry)) continue
    // The first slot settles the language, so it is drawn among all that are free.
    const equals = items.length === 0 ? equalsOf(free, 0) : equalsOf(speaking, i, hasRoom)
    items.push(makeItem(entry, items.length, equals, speaking.length, render(entry.candidate)))
    room.take(entry.candidate)
  }

  const inLine = speaking.filter(({ candidate }) => !crowdedOut.has(candidate))
  const rankOf = new Map(inLine.map((entry, i) => [entry.candidate, i + 1]))
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
    const tooMany = crowdedOut.get(candidate)
    if (tooMany !== undefined) return { status: 'refused', reasons: [tooMany] }
    const rank = rankOf.get(candidate)
    if (rank === undefined) return refused('no_content_in_language', { language })
    return { status: 'outranked', reasons: [reason('outranked', { rank, limit })] }
  }

  const code =
    items.length >= limit
      ? undefined
      : slateCode(items.length, candidates, ranked, crowdedOut.size > 0, isSwitchedOff(situation, id))
  const outbound = situation.catalogue.channels.get(placement.channel)!.direction === 'outbound'
  const empty = placement.fallback === undefined || outbound ? 'empty' : 'fallback'
  const status = items.length === 0 ? empty : items.length < limit ? 'partial' : 'filled'
  const notBefore = outbound && items.length === 0 ? admission.earliest(candidates) : null
  return { slate: { placement, status, code, items, notBefore }, verdicts }
}

/** How many stand as high as the entry at `start`, itself among them: equals stand side by side. */
function equalsOf(
  ranked: readonly Ranked[],
  start: number,
  isCounted: (entry: Ranked) => boolean = () => true,
): number {
  const { ties } = ranked[start]!
  let equals = 1
  for (let i = start + 1; ranked[i]?.ties === ties; i++) if (isCounted(ranked[i]!)) equals++
  return equals
}

function makeItem(
  { candidate }: Ranked,
  slot: number,
  equals: number,
  permitted: number,
  { treatment, locale, content }: Shown,
): Item {
  const { action, propensity, priority } = candidate
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
  crowdedOut: boolean,
  switchedOff: boolean,
): SlateCode {
  if (switchedOff) return 'switched_off'
  if (chosen > 0) return 'fewer_than_limit'
  if (candidates.length === 0) return 'no_candidates'
  if (crowdedOut) return 'caps_used_up'
  if (ranked.length > 0) return 'all_chosen_elsewhere'
  if (candidates.some(({ refusals }) => refusals[0]?.code === 'propensity_unknown'))
    return 'propensity_unknown'
  if (candidates.some(isUncheckedOnly)) return 'unchecked'
  if (candidates.some(isQuietOnly)) return 'quiet_hours'
  const scoredOut = candidates.some((candidate) => candidate.propensity !== null)
  if (scoredOut) return 'nothing_above_threshold'
  return candidates.some(waitsForTime) ? 'not_now' : 'nothing_permitted'
}
