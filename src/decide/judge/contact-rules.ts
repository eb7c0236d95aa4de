import type { Play } from '../../domain/catalogue.ts'
import type { Hold } from '../../domain/hold.ts'
import type { Situation } from '../../domain/situation.ts'
import { historyOf } from './history.ts'
import { makePermitted, type Permitted } from './permitted.ts'
import { makeRenewal } from './renewal.ts'
import { makeWished, paceCaps, type Wished } from './wished.ts'

/** What the person wished and what contact policy permits, over his history. */
export interface ContactRules {
  readonly wished: Wished
  readonly permitted: Permitted
}

/** The rules for each play. What renews a hold does not stand in its own way: it is judged as if that were not there. */
export function makeContactRules(situation: Situation): (play: Play) => ContactRules {
  const history = historyOf(situation)
  const usual = { wished: makeWished(situation, history), permitted: makePermitted(situation, history) }
  const hasPace = paceCaps(situation).length > 0
  const renewalOf = makeRenewal(situation)
  const apart = new Map<Hold, ContactRules>()
  return ({ facts }) => {
    const hold = renewalOf(facts)
    if (hold === undefined) return usual
    let known = apart.get(hold)
    if (known === undefined) {
      const less = history.without(hold)
      // Of his wishes only a pace counts anything.
      const wished = hasPace ? makeWished(situation, less) : usual.wished
      known = { wished, permitted: makePermitted(situation, less) }
      apart.set(hold, known)
    }
    return known
  }
}
