import type { DecisionStore } from '../../ports/decision-store.ts'
import { type GrantingParts, makeGranting } from './granting.ts'
import type { Guarded } from './guarded.ts'
import { makeOutcomes, type OutcomeParts } from './outcomes.ts'
import { makeSweeping } from './sweeping.ts'

/** Decisions and what they grant, in the transactions of the embedded store: nothing is leased. */
export function makeDecisionStore(parts: GrantingParts & OutcomeParts, guarded: Guarded): DecisionStore {
  const { units } = parts
  const commit = makeGranting(parts)
  const recordOutcomes = makeOutcomes(parts)
  const sweep = makeSweeping(parts)
  return {
    commit: (grant) => guarded(() => commit(grant)),
    soldOut: (asked) =>
      new Set(asked.filter((one) => units.used(one) >= one.allowed).map(({ volume }) => volume)),
    recordOutcomes: (...told) => guarded(() => recordOutcomes(...told)),
    sweep: (now) => guarded(() => sweep(now)),
    volumeAccount: (unit) => guarded(() => ({ used: units.used(unit), leased: 0 })),
  }
}
