import type { Candidate } from '../../domain/candidate.ts'
import { type CapPolicy, countedUnder, fits } from '../../domain/contact-policy.ts'
import type { Hold } from '../../domain/hold.ts'
import { phrase, type Reason, reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { mostInWindow } from '../../domain/window.ts'
import { allowedBy, countedIn } from './capped.ts'
import { type History, historyOf } from './history.ts'
import { makeRenewal } from './renewal.ts'
import { makeUnitRoom } from './unit-room.ts'
import { ADVERTISING, paceCaps } from './wished.ts'

/** What caps and volumes still allow while an answer is filled: what it shows already counts for what it shows next. */
export interface Room {
  /** Why one contact more by this candidate would be too many; null while there is room. */
  refusal(candidate: Candidate): Reason | null
  /** @returns whether something is used up now, so that others may have no room any more */
  take(candidate: Candidate): boolean
}

/** Works nothing out before something is taken: a candidate that is permitted has room by itself. */
export function makeRoom(situation: Situation): Room {
  const [ofCaps, ofUnits] = [makeCapRoom(situation), makeUnitRoom(situation)]
  return {
    refusal: (candidate) => ofCaps.refusal(candidate) ?? ofUnits.refusal(candidate),
    take: (candidate) => [ofCaps.take(candidate), ofUnits.take(candidate)].includes(true),
  }
}

function makeCapRoom(situation: Situation): Room {
  const { standing } = situation
  const taken = new Map<CapPolicy, Map<string, number>>()
  const pace = paceCaps(situation)
  const renewalOf = makeRenewal(situation)
  /** Less the holds that what is taken renews. */
  let left = makeLeft(situation, [], () => historyOf(situation))

  /** The key under which a cap that counts the candidate is used up by what was taken; null while it is not. */
  const isFull = (cap: CapPolicy, { play: { facts } }: Candidate): string | null => {
    const key = countedUnder(cap.per, facts)
    if (key === undefined) return null
    const more = taken.get(cap)?.get(key) ?? 0
    if (more === 0) return null
    return left.most(renewalOf(facts), cap, key) + more > cap.max ? key : null
  }
  const count = (cap: CapPolicy, { play: { facts } }: Candidate): void => {
    const key = countedUnder(cap.per, facts)
    if (key === undefined) return
    const ofCap = taken.get(cap) ?? new Map<string, number>()
    taken.set(cap, ofCap.set(key, (ofCap.get(key) ?? 0) + 1))
  }

  return {
    refusal(candidate) {
      const { tier } = candidate.action
      if (taken.size === 0 || tier === 'mandatory' || standing.of === 'nobody') return null
      for (const cap of candidate.play.caps) {
        const key = isFull(cap, candidate)
        if (key !== null) return usedUp(cap, key, false)
      }
      if (!ADVERTISING.has(tier)) return null
      for (const cap of pace) {
        const key = isFull(cap, candidate)
        if (key !== null) return usedUp(cap, key, true)
      }
      return null
    },
    take(candidate) {
      if (standing.of === 'nobody') return false
      const { caps: own, facts } = candidate.play
      const renewed = renewalOf(facts)
      if (renewed !== undefined) left = left.without(renewed)
      const caps = [...own, ...pace.filter(({ where }) => fits(where, facts))]
      for (const cap of caps) count(cap, candidate)
      return caps.some((cap) => isFull(cap, candidate) !== null)
    },
  }
}

/** What is left of a history while holds of it are renewed. */
interface Left {
  /** As many as a window with this moment holds when one contact more is made that renews a hold, or none. */
  most(renewed: Hold | undefined, cap: CapPolicy, key: string): number
  without(hold: Hold): Left
}

/** Works nothing out before it is asked, and each thing once. */
function makeLeft(situation: Situation, gone: readonly Hold[], historyOf: () => History): Left {
  let history: History | undefined
  const historyNow = () => {
    history ??= historyOf()
    return history
  }
  const lessHold = new Map<Hold, History>()
  const known = new Map<CapPolicy, Map<string, number>>()
  const mostIn = (cap: CapPolicy, key: string, among: History) =>
    mostInWindow(among.contacts(cap).get(key) ?? [], situation.contactAt, cap.windowMs)
  return {
    most(renewed, cap, key) {
      if (renewed !== undefined && !gone.includes(renewed)) {
        const less = lessHold.get(renewed) ?? historyNow().without(renewed)
        lessHold.set(renewed, less)
        return mostIn(cap, key, less)
      }
      const ofCap = known.get(cap) ?? new Map<string, number>()
      known.set(cap, ofCap)
      let most = ofCap.get(key)
      if (most === undefined) {
        most = mostIn(cap, key, historyNow())
        ofCap.set(key, most)
      }
      return most
    },
    without: (hold) => makeLeft(situation, [...gone, hold], () => historyNow().without(hold)),
  }
}

function usedUp(cap: CapPolicy, key: string, isOwn: boolean): Reason {
  return reason('capped_by_answer', {
    policy: isOwn ? phrase('own_pace') : cap.id,
    allowed: allowedBy(cap),
    counted: countedIn(cap, key),
  })
}
