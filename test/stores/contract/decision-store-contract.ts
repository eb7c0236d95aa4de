import { describe } from 'vitest'
import { describeCommits } from './commit-contract.ts'
import { describeCommitConcurrency } from './concurrency-contract.ts'
import { type DecisionStoreHome, useDecisionStores } from './decision-store-home.ts'
import { describeHolds } from './holds-contract.ts'
import { describeModel } from './model-contract.ts'
import { describeOutcomes } from './outcomes-contract.ts'
import { describeVolumes } from './volumes-contract.ts'

/** What every decision store promises; all stores run it alike. */
export function describeDecisionStore(name: string, makeHome: () => Promise<DecisionStoreHome>): void {
  describe(`${name} keeps the promises of a decision store`, () => {
    const decisions = useDecisionStores(makeHome)
    describeCommits(decisions)
    describeHolds(decisions)
    describeVolumes(decisions)
    describeOutcomes(decisions)
    describeCommitConcurrency(decisions)
    describeModel(decisions)
  })
}
