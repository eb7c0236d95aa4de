import type { Candidate } from '../../domain/candidate.ts'
import { type CapPolicy, countedUnder, fits, isCap } from '../../domain/contact-policy.ts'
import { phrase, type Reason, reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { mostInWindow } from '../../domain/window.ts'
import { allowedBy, countedIn } from './capped.ts'
import { makeHistory } from './history.ts'
import { makeRenewal, withoutHold } from './renewal.ts'
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
  let left = situation
  let mostOf = makeMost(left)

  /** The key under which a cap that counts the candidate is used up by what was taken; null while it is not. */
  const isFull = (cap: CapPolicy, { play: { facts } }: Candidate): string | null => {
    const key = countedUnder(cap.per, facts)
    if (key === undefined) return null
    const more = taken.get(cap)?.get(key) ?? 0
    if (more === 0) return null
    const renewed = renewalOf(facts)
    const most = renewed === undefined ? mostOf : makeMost(withoutHold(left, renewed))
    return most(cap, key) + more > cap.max ? key : null
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
      if (candidate.play.policies.length === 0 && pace.length === 0) return null
      const caps = candidate.play.policies.filter(isCap)
      for (const cap of ADVERTISING.has(tier) ? [...caps, ...pace] : caps) {
        const key = isFull(cap, candidate)
        if (key !== null) return usedUp(cap, key, pace.includes(cap))
      }
      return null
    },
    take(candidate) {
      if (standing.of === 'nobody') return false
      const { policies, facts } = candidate.play
      const renewed = renewalOf(facts)
      if (renewed !== undefined) {
        left = withoutHold(left, renewed)
        mostOf = makeMost(left)
      }
      const caps = [...policies.filter(isCap), ...pace.filter(({ where }) => fits(where, facts))]
      for (const cap of caps) count(cap, candidate)
      return caps.some((cap) => isFull(cap, candidate) !== null)
    },
  }
}

/** As many as a window with this moment holds when one contact more is made; each worked out once. */
function makeMost(situation: Situation): (cap: CapPolicy, key: string) => number {
  let history: ReturnType<typeof makeHistory> | undefined
  const most = new Map<CapPolicy, Map<string, number>>()
  return (cap, key) => {
    const ofCap = most.get(cap) ?? new Map<string, number>()
    most.set(cap, ofCap)
    let known = ofCap.get(key)
    if (known === undefined) {
      history ??= makeHistory(situation)
      known = mostInWindow(history.contacts(cap).get(key) ?? [], situation.contactAt, cap.windowMs)
      ofCap.set(key, known)
    }
    return known
  }
}

function usedUp(cap: CapPolicy, key: string, isOwn: boolean): Reason {
  return reason('capped_by_answer', {
    policy: isOwn ? phrase('own_pace') : cap.id,
    allowed: allowedBy(cap),
    counted: countedIn(cap, key),
  })
}
