import type { Play } from '../../domain/catalogue.ts'
import type { Hold } from '../../domain/hold.ts'
import type { Situation } from '../../domain/situation.ts'
import { makeHistory } from './history.ts'
import { makePermitted, type Permitted } from './permitted.ts'
import { makeRenewal, withoutHold } from './renewal.ts'
import { makeWished, type Wished } from './wished.ts'

/** What the person wished and what contact policy permits, over his history. */
export interface ContactRules {
  readonly wished: Wished
  readonly permitted: Permitted
}

/** The rules for each play. What renews a hold does not stand in its own way: it is judged as if that were not there. */
export function makeContactRules(situation: Situation): (play: Play) => ContactRules {
  const usual = rulesIn(situation)
  const renewalOf = makeRenewal(situation)
  const apart = new Map<Hold, ContactRules>()
  return ({ facts }) => {
    const hold = renewalOf(facts)
    if (hold === undefined) return usual
    const known = apart.get(hold) ?? rulesIn(withoutHold(situation, hold))
    apart.set(hold, known)
    return known
  }
}

function rulesIn(situation: Situation): ContactRules {
  const history = makeHistory(situation)
  return { wished: makeWished(situation, history), permitted: makePermitted(situation, history) }
}
