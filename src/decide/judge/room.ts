import type { Candidate } from '../../domain/candidate.ts'
import { type CapPolicy, countedUnder, fits } from '../../domain/contact-policy.ts'
import type { Hold } from '../../domain/hold.ts'
import { phrase, type Reason, reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { mostInWindow } from '../../domain/window.ts'
import { allowedBy, countedIn } from './capped.ts'
import { historyOf } from './history.ts'
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
  const left = makeLeft(situation)

  /** The key under which a cap that counts the candidate is used up by what was taken; null while it is not. */
  const isFull = (cap: CapPolicy, { play: { facts } }: Candidate): string | null => {
    const key = countedUnder(cap.per, facts)
    if (key === undefined) return null
    const more = taken.get(cap)?.get(key) ?? 0
    return more > 0 && left.isFull(cap, key, more, renewalOf(facts)) ? key : null
  }
  const count = (cap: CapPolicy, { play: { facts } }: Candidate): void => {
    const key = countedUnder(cap.per, facts)
    if (key === undefined) return
    const ofCap = taken.get(cap)
    if (ofCap === undefined) taken.set(cap, new Map([[key, 1]]))
    else ofCap.set(key, (ofCap.get(key) ?? 0) + 1)
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
      if (renewed !== undefined) left.renew(renewed)
      const caps = pace.length === 0 ? own : [...own, ...pace.filter(({ where }) => fits(where, facts))]
      for (const cap of caps) count(cap, candidate)
      return caps.some((cap) => isFull(cap, candidate) !== null)
    },
  }
}

/** What is left of a history, less the holds that the answer renews. */
interface Left {
  /** Whether a cap allows no `more` contacts under a key, one of which may renew a hold. */
  isFull(cap: CapPolicy, key: string, more: number, renewed: Hold | undefined): boolean
  renew(hold: Hold): void
}

function makeLeft(situation: Situation): Left {
  const history = historyOf(situation)
  const gone: Hold[] = []
  const known = new Map<CapPolicy, Map<string, number>>()
  /** As many as a window with this moment holds when one contact more is made. */
  const mostUnder = (cap: CapPolicy, key: string, less: readonly Hold[]) =>
    mostInWindow(history.under(cap, key, less), situation.contactAt, cap.windowMs)
  return {
    isFull(cap, key, more, renewed) {
      if (history.size + more < cap.max) return false
      if (renewed !== undefined && !gone.includes(renewed))
        return mostUnder(cap, key, [...gone, renewed]) + more > cap.max
      const ofCap = known.get(cap) ?? new Map<string, number>()
      known.set(cap, ofCap)
      let most = ofCap.get(key)
      if (most === undefined) {
        most = mostUnder(cap, key, gone)
        ofCap.set(key, most)
      }
      return most + more > cap.max
    },
    renew(hold) {
      if (gone.includes(hold)) return
      gone.push(hold)
      known.clear()
    },
  }
}

function usedUp(cap: CapPolicy, key: string, isOwn: boolean): Reason {
  return reason('capped_by_answer', {
    policy: isOwn ? phrase('own_pace') : cap.id,
    allowed: allowedBy(cap),
    counted: countedIn(cap, key),
  })
}
