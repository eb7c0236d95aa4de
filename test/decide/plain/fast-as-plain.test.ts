import { describe, expect, it } from 'vitest'
import { conclude } from '../../../src/decide/conclude.ts'
import { fillSlates } from '../../../src/decide/fill.ts'
import { takenBy } from '../../../src/decide/grant.ts'
import { judge } from '../../../src/decide/judge/judge.ts'
import { type Judged, screen } from '../../../src/decide/judge/screen.ts'
import { addPropensity } from '../../../src/decide/propensity.ts'
import { recordOf } from '../../../src/decide/record.ts'
import { weigh } from '../../../src/decide/weigh.ts'
import type { Candidate } from '../../../src/domain/candidate.ts'
import type { DecisionId } from '../../../src/domain/ids.ts'
import type { Situation } from '../../../src/domain/situation.ts'
import { toDecisionReply } from '../../../src/http/schemas/decision.ts'
import { randomCatalogue, randomSituation, SCORER } from './random-decisions.ts'

const CATALOGUES = 60
const EACH = 50
const NAME = 'b0000-00000000-0000-7000-8000-000000000000' as DecisionId

/** Everything that a decision leaves: its answer, its record, and what it takes, as bytes. */
function decided(situation: Situation, { candidates, everyone }: Judged): string {
  const scored = addPropensity(candidates, situation, SCORER, SCORER, () => {})
  const filled = fillSlates(weigh(scored.candidates, situation), situation, everyone)
  const decision = conclude(NAME, situation, scored, filled)
  const { checks, holds, takes, returns } = takenBy(NAME, decision.slates, situation)
  return JSON.stringify([
    toDecisionReply(decision, situation.request),
    Buffer.from(recordOf(decision)).toString(),
    [checks.map(({ cap, ...check }) => ({ cap: cap.id, ...check })), holds, takes, returns],
  ])
}

const plain = (situation: Situation): Judged => {
  const candidates = judge(situation)
  return { candidates, everyone: () => candidates }
}
const isPermitted = ({ refusals }: Candidate) => refusals.length === 0
const nameOf = ({ placement, action }: Candidate) => `${placement} ${action.id}`

describe('what is found without reasons', () => {
  const catalogues = Array.from({ length: CATALOGUES }, (_, i) => randomCatalogue(i))
  const situations = catalogues.flatMap((catalogue, i) =>
    Array.from({ length: EACH }, (_, n) => randomSituation(catalogue, n, i)),
  )

  it('is what is found with them, and comes to the same decision byte for byte', () => {
    for (const situation of situations) {
      const found = screen(situation).candidates.filter(isPermitted).map(nameOf)
      expect(found).toEqual(judge(situation).filter(isPermitted).map(nameOf))
      expect(decided(situation, screen(situation))).toBe(decided(situation, plain(situation)))
    }
  })

  it('has everyone when they are asked for', () => {
    for (const situation of situations) {
      const { candidates, everyone } = screen(situation)
      expect(everyone()).toEqual(judge(situation))
      expect(everyone()).toEqual(expect.arrayContaining([...candidates]))
    }
  })

  it('was tried on decisions of every kind', () => {
    let [screened, left, full, empty] = [0, 0, 0, 0]
    for (const situation of situations) {
      const { candidates, everyone } = screen(situation)
      if (candidates.length < everyone().length) screened++
      left += candidates.length
      if (situation.request.explain !== 'none') full++
      if (!judge(situation).some(isPermitted)) empty++
    }
    const all = CATALOGUES * EACH
    expect(screened).toBeGreaterThan(all / 3)
    expect(left / all).toBeGreaterThan(3)
    expect(full).toBeGreaterThan(all / 10)
    expect(empty).toBeGreaterThan(all / 50)
  })
})
