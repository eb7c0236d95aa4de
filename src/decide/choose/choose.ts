import type { Candidate } from '../../domain/candidate.ts'
import type { Treatment } from '../../domain/catalogue.ts'
import type { SlateRequest } from '../../domain/decision-request.ts'
import type { ActionId, PlacementId } from '../../domain/ids.ts'
import { firstBits } from '../../domain/lot.ts'
import { type Reason, reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { makeRoom, type Room } from '../judge/room.ts'
import { chooseLanguage, lookupLanguage, wantedLanguages } from '../language.ts'
import { makeGroupLimit } from './group-limit.ts'
import type { Policy } from './policy.ts'
import { rank } from './ranking.ts'
import { drawSlot, type Slot } from './slot.ts'

/** What a candidate shows in a slate’s language. */
export interface Spoken {
  readonly treatment: Treatment
  /** The tag it is written under: the slate’s language, or a shorter form of it. */
  readonly locale: string
}

/** What was chosen for one placement, before it is put into words. */
export interface Choice {
  readonly slate: SlateRequest
  /** Everything permitted that speaks the slate’s language and has room beside what is shown, the best first. */
  readonly line: readonly Candidate[]
  /** Empty while nothing is chosen. */
  readonly language: string
  /** One for each action that is shown, in order. */
  readonly slots: readonly Slot[]
  readonly shown: readonly (Spoken & { readonly candidate: Candidate })[]
  /** What was permitted by itself and not beside what is shown, and why. */
  readonly crowdedOut: ReadonlyMap<Candidate, Reason>
}

/** What the answer shows already. */
interface Answer {
  readonly shownIn: Map<ActionId, PlacementId>
  readonly room: Room
  evenDay: number
}

/**
 * Step 6: placement by placement in the catalogue’s order, slot by slot in rank. An action is shown once per answer,
 * unless its placement allows repeats; what is shown counts for the caps of what comes after. A slate speaks one
 * language: that of its first action. Choices come back in the order they were asked for.
 */
export function chooseSlates(
  candidates: readonly Candidate[],
  situation: Situation,
  policy: Policy,
): Choice[] {
  const { request, catalogue } = situation
  const orderOf = ({ placement }: SlateRequest) => catalogue.placements.get(placement)!.order
  const inOrder = [...request.slates].sort((a, b) => orderOf(a) - orderOf(b))
  const answer: Answer = { shownIn: new Map(), room: makeRoom(situation), evenDay: policy.epsilon }
  const choices = new Map<PlacementId, Choice>()
  for (const slate of inOrder) {
    const own =
      inOrder.length === 1 ? candidates : candidates.filter(({ placement }) => placement === slate.placement)
    const choice = chooseSlate(slate, own, answer, situation, policy)
    for (const { candidate } of choice.shown) answer.shownIn.set(candidate.action.id, slate.placement)
    choices.set(slate.placement, choice)
  }
  return request.slates.map(({ placement }) => choices.get(placement)!)
}

function chooseSlate(
  slate: SlateRequest,
  candidates: readonly Candidate[],
  answer: Answer,
  situation: Situation,
  policy: Policy,
): Choice {
  const { catalogue, seeds } = situation
  const seed = firstBits(seeds.placements.get(slate.placement)!)
  const ranked = rank(candidates, seed)
  const { allowRepeats } = catalogue.placements.get(slate.placement)!
  const groupLimit = makeGroupLimit(catalogue)
  const crowdedOut = new Map<Candidate, Reason>()
  const chosen = new Set<Candidate>()
  let language = ''
  /** What is shown nowhere else yet stands in nobody’s way. */
  let isUntouched = answer.shownIn.size === 0
  const isFree = (candidate: Candidate) => {
    if (isUntouched) return true
    if (chosen.has(candidate) || crowdedOut.has(candidate)) return false
    const elsewhere = allowRepeats ? undefined : answer.shownIn.get(candidate.action.id)
    const refusal =
      elsewhere !== undefined
        ? reason('chosen_elsewhere', { placement: elsewhere })
        : (answer.room.refusal(candidate) ?? groupLimit.refusal(candidate))
    if (refusal !== null) crowdedOut.set(candidate, refusal)
    return refusal === null
  }

  const slots: Slot[] = []
  const shown: (Spoken & { candidate: Candidate })[] = []
  let line: Candidate[] = []
  let field = topTier(ranked, isFree)
  while (field.length > 0) {
    const slot = drawSlot(
      field,
      policy,
      catalogue.arbitration.powers.propensity,
      seed,
      slots.length + 1,
      answer.evenDay,
    )
    const candidate = field[slot.drawn]!
    if (slots.length === 0) {
      language = chooseLanguage(wantedLanguages(situation), candidate.speaks)
      line = ranked.filter((one) => isFree(one) && speaks(one, language))
    }
    slots.push(slot)
    shown.push({ candidate, ...spokenIn(language, candidate) })
    chosen.add(candidate)
    isUntouched = false
    answer.evenDay = slot.evenDay
    const isCrowded = [answer.room.take(candidate), groupLimit.take(candidate)].includes(true)
    if (slots.length === slate.limit) break
    // Whom nothing has crowded out since is as free as before.
    if (slots.length === 1) field = topTier(line, isCrowded ? isFree : (one) => one !== candidate)
    else field = isCrowded ? field.filter(isFree) : field.toSpliced(slot.drawn, 1)
    if (field.length === 0) field = topTier(line, isFree)
  }
  return { slate, line: line.filter((one) => !crowdedOut.has(one)), language, slots, shown, crowdedOut }
}

/** The candidates of the highest tier of which any is free. */
function topTier(ranked: readonly Candidate[], isFree: (candidate: Candidate) => boolean): Candidate[] {
  const field: Candidate[] = []
  for (const candidate of ranked) {
    if (field.length > 0 && candidate.action.tier !== field[0]!.action.tier) break
    if (isFree(candidate)) field.push(candidate)
  }
  return field
}

function speaks({ speaks }: Candidate, language: string): boolean {
  return speaks.has(language) || lookupLanguage(language, speaks) !== undefined
}

function spokenIn(language: string, { speaks }: Candidate): Spoken {
  const locale = lookupLanguage(language, speaks)!
  return { locale, treatment: speaks.get(locale)! }
}
