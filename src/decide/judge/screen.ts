import type { Candidate } from '../../domain/candidate.ts'
import type { SlateRequest } from '../../domain/decision-request.ts'
import { type Holds, holdsIn, type PlayColumns } from '../../domain/play-columns.ts'
import type { Situation } from '../../domain/situation.ts'
import { judge, makeJudging, type SlateJudging } from './judge.ts'

export interface Judged {
  /** In order; those that are refused may be among them or not. */
  readonly candidates: readonly Candidate[]
  /** All of them, with every reason that refuses them. */
  everyone(): readonly Candidate[]
}

/**
 * Step 2, where nobody asks for reasons: what is permitted is found, as {@link judge} finds it, and of what is refused no
 * more is worked out than that it is. Most of that shows in the columns of a placement already, without a look at the action.
 */
export function screen(situation: Situation): Judged {
  const { catalogue, request } = situation
  if (request.explain !== 'none' || situation.arm === 'holdout') return inFull(judge(situation))
  const judging = makeJudging(situation)
  const candidates: Candidate[] = []
  for (const slate of request.slates) {
    const columns = catalogue.columns.get(slate.placement)
    if (columns !== undefined) screenSlate(slate, columns, situation, judging.inSlate(slate), candidates)
  }
  let all: readonly Candidate[] | undefined
  return {
    candidates,
    everyone() {
      all ??= withOthers(candidates, situation)
      return all
    },
  }
}

function inFull(candidates: readonly Candidate[]): Judged {
  return { candidates, everyone: () => candidates }
}

function screenSlate(
  { placement }: SlateRequest,
  { kinds, kindOf, from, to, hasMore, clauses }: PlayColumns,
  { catalogue, contactAt }: Situation,
  judging: SlateJudging,
  candidates: Candidate[],
): void {
  const plays = catalogue.plays.get(placement)!
  const judgements = kinds.map((first) => judging.kind(plays[first]!))
  let holds: Holds | undefined
  for (let i = 0; i < plays.length; i++) {
    const judgement = judgements[kindOf[i]!]!
    if (judgement === 'refused' || contactAt < from[i]! || contactAt >= to[i]!) continue
    let hold: boolean | null = null
    if (hasMore[i] === 0) {
      holds ??= holdsIn(clauses, judging.context(plays[i]!))
      hold = holds(i)
    }
    if (hold === false) continue
    if (hold === true && judgement === 'permitted') {
      candidates.push(judging.permitted(plays[i]!))
      continue
    }
    const candidate = judging.candidate(plays[i]!)
    if (candidate.refusals.length === 0) candidates.push(candidate)
  }
}

/** Those that were found, as they are by now, and between them the others. */
function withOthers(found: readonly Candidate[], situation: Situation): readonly Candidate[] {
  let next = 0
  return judge(situation).map((candidate) => {
    const one = found[next]
    if (one?.play !== candidate.play || one.placement !== candidate.placement) return candidate
    next++
    return one
  })
}
