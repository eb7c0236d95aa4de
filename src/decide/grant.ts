import type { CapCheck } from '../domain/cap-check.ts'
import type { Play } from '../domain/catalogue.ts'
import { type CapPolicy, countedUnder, fits } from '../domain/contact-policy.ts'
import type { Item, Slate } from '../domain/decision.ts'
import { type Hold, refOfHold } from '../domain/hold.ts'
import type { DecisionId } from '../domain/ids.ts'
import type { Situation } from '../domain/situation.ts'
import { type Allowance, allowanceAt, type Unit } from '../domain/volume.ts'
import type { Grant } from '../ports/decision-store.ts'
import { historyOf } from './judge/history.ts'
import { makeRenewal, type RenewalOf } from './judge/renewal.ts'
import { ADVERTISING, paceCaps } from './judge/wished.ts'

/** What an answer takes: holds for what it shows, units of volumes, and the caps that must still have room for it. */
export type Taken = Pick<Grant, 'checks' | 'holds' | 'takes' | 'returns'>

export const TAKES_NOTHING: Taken = { checks: [], holds: [], takes: [], returns: [] }

/** A contact is only held for somebody who can be told again, or for a volume. */
export function takenBy(id: DecisionId, slates: readonly Slate[], situation: Situation): Taken {
  const items = inOrder(slates, situation)
  const renewalOf = makeRenewal(situation)
  const takes: Allowance[] = []
  const returns: Unit[] = []
  const left = new Map(situation.unitsLeft)
  const holds = items.flatMap(({ item, play }): Hold[] => {
    const before = renewalOf(play.facts)
    const wanted = allowancesOf(item, play, left, situation)
    const isHeldAlready = (unit: Unit) => before?.units.some((held) => isSame(held, unit)) ?? false
    takes.push(...wanted.filter((unit) => !isHeldAlready(unit)))
    returns.push(...(before?.units ?? []).filter((held) => !wanted.some((unit) => isSame(held, unit))))
    if (situation.standing.of === 'nobody' && wanted.length === 0) return []
    return [holdOf(id, play, wanted, before, situation)]
  })
  return { checks: checksOf(items, renewalOf, situation), holds, takes, returns }
}

interface Shown {
  readonly item: Item
  readonly play: Play
}

/** In the order in which the placements were filled: what comes later was judged with what came before. */
function inOrder(slates: readonly Slate[], { catalogue }: Situation): Shown[] {
  return [...slates]
    .sort((a, b) => a.placement.order - b.placement.order)
    .flatMap(({ placement, items }) => {
      const plays = catalogue.plays.get(placement.id) ?? []
      return items.map((item) => {
        const position = catalogue.positionOf.get(item.action.id)
        return { item, play: plays.find((play) => play.position === position)! }
      })
    })
}

/**
 * Mandatory is shown without a unit where none is left. What is held already is kept.
 * @param left - what is left of volumes of which that is known, and will be after this
 */
function allowancesOf(
  { action }: Item,
  play: Play,
  left: Map<string, number>,
  { contactAt, catalogue, unitsHeld }: Situation,
): Allowance[] {
  const taken = play.volumes.filter(({ id }) => {
    if (unitsHeld.get(play)?.has(id)) return true
    const units = left.get(id)
    if (units === undefined) return true
    if (units === 0 && action.tier === 'mandatory') return false
    left.set(id, units - 1)
    return true
  })
  return taken.map((volume) => allowanceAt(volume, contactAt, catalogue.timeZone))
}

function holdOf(
  id: DecisionId,
  { facts }: Play,
  units: readonly Unit[],
  before: Hold | undefined,
  { now, contactAt, catalogue, standing, request }: Situation,
): Hold {
  const { confirmOn, holdForMs } = catalogue.channels.get(request.channel)!
  const ref = before?.contact.ref ?? refOfHold(id, facts.placement!, facts.action!)
  return {
    contact: { facts, ref, at: contactAt, heldUntil: Math.max(now, contactAt) + holdForMs, outcomes: [] },
    session: standing.session,
    confirmOn,
    units: units.map(({ volume, period }) => ({ volume, period })),
  }
}

/** How often an answer makes a contact that a cap counts under a key. */
interface Tally {
  readonly cap: CapPolicy
  readonly key: string
  counted: number
  /** As many as come up to the last item that the cap can stop. */
  adds: number
  /** Those that come later and are held already. */
  heldAfter: number
}

/**
 * For every cap that has to have room: as many contacts as come up to the last item that it can stop. What it cannot stop
 * and comes later counts where it is held already: it was there before.
 */
function checksOf(items: readonly Shown[], renewalOf: RenewalOf, situation: Situation): CapCheck[] {
  const { standing, contactAt } = situation
  if (standing.of === 'nobody' || items.length === 0) return []
  const pace = paceCaps(situation)
  const tallies = new Map<CapPolicy, Tally[]>()
  for (const { item, play } of items) {
    const { tier } = item.action
    const stops = (isOwn: boolean) => tier !== 'mandatory' && (!isOwn || ADVERTISING.has(tier))
    const count = (cap: CapPolicy, isOwn: boolean) => {
      const key = countedUnder(cap.per, play.facts)
      if (key === undefined) return
      const ofCap = tallies.get(cap) ?? []
      tallies.set(cap, ofCap)
      const tally = tallyOf(ofCap, cap, key)
      tally.counted++
      if (stops(isOwn)) {
        tally.adds = tally.counted
        tally.heldAfter = 0
      } else if (Math.abs((renewalOf(play.facts)?.contact.at ?? Infinity) - contactAt) < cap.windowMs) {
        tally.heldAfter++
      }
    }
    for (const cap of play.caps) count(cap, false)
    for (const cap of pace) if (fits(cap.where, play.facts)) count(cap, true)
  }
  const history = historyOf(situation)
  const checks: CapCheck[] = []
  for (const { cap, key, adds, heldAfter } of [...tallies.values()].flat()) {
    if (adds === 0) continue
    const confirmed: number[] = []
    for (const { first, last, isHeld } of history.under(cap, key, [])) {
      // What is known by the day only was as near as it may have been.
      const nearest = Math.min(Math.max(contactAt, first), last)
      if (!isHeld && Math.abs(nearest - contactAt) < cap.windowMs) confirmed.push(nearest)
    }
    checks.push({ cap, key, at: contactAt, adds: adds + heldAfter, confirmed })
  }
  return checks
}

function tallyOf(ofCap: Tally[], cap: CapPolicy, key: string): Tally {
  const known = ofCap.find((tally) => tally.key === key)
  if (known !== undefined) return known
  const tally = { cap, key, counted: 0, adds: 0, heldAfter: 0 }
  ofCap.push(tally)
  return tally
}

function isSame(a: Unit, b: Unit): boolean {
  return a.volume === b.volume && a.period === b.period
}
