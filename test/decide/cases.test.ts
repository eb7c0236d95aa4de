import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Attributes } from '../../src/domain/attributes.ts'
import type { Decision } from '../../src/domain/decision.ts'
import { REASONS, reasonText, SLATE_CODES } from '../../src/domain/reason.ts'
import type { RunTime } from '../../src/domain/run-time.ts'
import { type ActionLive, type Switch, switchKey } from '../../src/domain/run-time-state.ts'
import type { DegradedCode } from '../../src/domain/situation.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { makeFakeScorer } from './fake-scorer.ts'
import { makeFakeStore } from './fake-store.ts'
import { makeCatalogue } from './make-catalogue.ts'
import { ask, makeHouse, type Question } from './make-house.ts'

/** One golden decision: a small catalogue, what the model says, a question, and the whole answer in words. */
interface Case {
  readonly story: string
  readonly catalogue: { readonly actions: readonly object[] }
  /** Propensity by action; without it there is no model, only the prior. */
  readonly scores?: Readonly<Record<string, number>>
  readonly now: string
  /** Attributes of the customer who asks. */
  readonly knows?: Attributes
  /** Run-time state: live values by action, and what is switched off by kind and id. */
  readonly told?: { readonly live?: Readonly<Record<string, ActionLive>>; readonly off?: readonly Switch[] }
  /** True when the store does not answer. */
  readonly storeFails?: boolean
  /** A customer of null is a visitor without a name. */
  readonly request: Question
  readonly expected: Expected
}

interface Expected {
  readonly slates: Readonly<Record<string, { status: string; code?: string; shows: readonly string[] }>>
  readonly reasons: Readonly<Record<string, readonly string[]>>
  readonly degraded: readonly DegradedCode[]
}

const FOLDER = new URL('../cases/', import.meta.url)
const cases = readdirSync(FOLDER)
  .sort()
  .map((file): [string, Case] => [file, JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))])

async function decide({ catalogue: { actions, ...more }, scores, now, storeFails = false, ...rest }: Case) {
  const { request, knows, told } = rest
  const profile = knows === undefined ? null : { attributes: knows, updatedAt: 0 }
  const house = makeHouse(makeCatalogue(actions, more), {
    scorer: scores === undefined ? priorScorer : makeFakeScorer(scores),
    store: makeFakeStore({ broken: storeFails, customers: { 'c-1': { profile } } }),
    runTime: runTimeOf(told),
    now: Date.parse(now),
  })
  return house(ask(request.customer === null ? { ...request, customer: undefined } : request))
}

function runTimeOf({ live = {}, off = [] }: NonNullable<Case['told']> = {}): RunTime {
  const state = { live: new Map(Object.entries(live)), off: new Map(off.map((one) => [switchKey(one), 0])) }
  return { position: null, state }
}

function inWords({ slates, verdicts, degraded }: Decision): Expected {
  return {
    slates: Object.fromEntries(
      slates.map(({ placement, status, code, items }) => [
        placement.id,
        {
          status,
          ...(code === undefined ? {} : { code }),
          shows: items.map(({ action, locale, content }) => `${action.id} (${locale}): ${content}`),
        },
      ]),
    ),
    reasons: Object.fromEntries(
      verdicts.map(({ action, placement, status, reasons }) => [
        `${action.id} in ${placement.id}`,
        [status, ...reasons.map(reasonText)],
      ]),
    ),
    degraded,
  }
}

describe('golden decisions', () => {
  it.each(cases.map(([file, one]) => [one.story, file, one] as const))('%s', async (_, file, one) => {
    expect(inWords(await decide(one)), file).toEqual(one.expected)
  })

  it('show every reason and every code of a slate at least once', async () => {
    const decisions = await Promise.all(cases.map(([, one]) => decide(one)))
    const reasons = decisions.flatMap(({ verdicts }) =>
      verdicts.flatMap(({ reasons }) => reasons.map(({ code }) => code)),
    )
    const codes = decisions.flatMap(({ slates }) => slates.flatMap(({ code }) => code ?? []))
    expect([...new Set(reasons)].sort()).toEqual(Object.keys(REASONS).sort())
    expect([...new Set(codes)].sort()).toEqual(Object.keys(SLATE_CODES).sort())
  })
})
