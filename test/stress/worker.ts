import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import { makeDecide } from '../../src/decide/decide.ts'
import { makeNameDecision } from '../../src/decide/name-decision.ts'
import type { Decision } from '../../src/domain/decision.ts'
import { NO_RUN_TIME } from '../../src/domain/run-time.ts'
import type { ToldOutcome } from '../../src/ports/decision-store.ts'
import { priorScorer } from '../../src/scoring/prior-scorer.ts'
import { startDeadline } from '../../src/serving/deadline.ts'
import { startSweeping } from '../../src/serving/sweeping.ts'
import { ask } from '../decide/make-house.ts'
import type { Event, Tally, WorkerTask } from './events.ts'
import { openStore } from './open-store.ts'
import { customerOf, PLACEMENTS, SESSIONS, SHOP } from './shop.ts'

/** One of several processes that decide at once: for each task it is sent, it answers how its tries ended. */
process.on('message', async (task) => {
  const tally = await work(task as WorkerTask)
  process.send!(tally)
})
process.send!('ready')

/** Decisions under way at once. */
const LANES = 4

async function work({ url, worker, tries, seed, out }: WorkerTask): Promise<Tally> {
  const store = await openStore(url)
  const events: Event[] = []
  const tally = { tries: 0, repeated: 0, unlike: 0, troubles: [] as string[] }
  const degraded: Record<string, number> = {}
  const commits: Record<string, number> = {}
  const onTrouble = (error: unknown) => {
    if (tally.troubles.length < 5) tally.troubles.push(String(error))
  }
  const decide = makeDecide({
    serving: () => ({
      catalogue: SHOP,
      runTime: NO_RUN_TIME,
      scorer: priorScorer,
      challenger: null,
      degraded: [],
    }),
    store,
    prior: priorScorer,
    clock: Date.now,
    startDeadline,
    deadlineMs: 20_000,
    nameDecision: makeNameDecision(store, uuidv7),
    newVisitor: uuidv7,
    onTrouble,
    onDecided: ({ degraded: codes }) => {
      for (const code of codes) degraded[code] = (degraded[code] ?? 0) + 1
    },
    onCommit: (result) => {
      commits[result] = (commits[result] ?? 0) + 1
    },
  })
  const sweeping = startSweeping(store, Date.now, onTrouble)

  let state = (seed * 2_654_435_761 + worker * 40_503) >>> 0
  /** A whole number below `n`; mulberry32. */
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n
  }

  async function tryOnce(): Promise<void> {
    const customer = customerOf(tally.tries, below)
    const session = below(2) === 0 ? `s-${below(SESSIONS)}` : null
    const first = below(PLACEMENTS.length)
    const places = below(3) === 0 ? [first, (first + 1) % PLACEMENTS.length] : [first]
    const isRepeated = below(20) === 0
    const request = ask({
      customer,
      ...(session === null ? {} : { sessionId: session }),
      ...(isRepeated ? { requestId: `${worker}-${tally.tries}` } : {}),
      slates: Object.fromEntries(places.map((place) => [PLACEMENTS[place]!, 1 + below(2)])),
      explain: 'none',
    })
    tally.tries++
    const askedAt = Date.now()
    const decision = await decide(request)
    const answeredAt = Date.now()
    for (const { placement, items } of decision.slates)
      for (const { action } of items)
        events.push({
          kind: 'grant',
          ...{ customer, session, decision: decision.id, action: action.id, placement: placement.id },
          ...{ at: decision.decidedAt, askedAt, answeredAt },
        })
    if (isRepeated) {
      tally.repeated++
      if ((await decide(request)).id !== decision.id) tally.unlike++
    }
    await follow(customer, decision)
  }

  /** Something becomes of a third of what is shown. */
  async function follow(customer: string, decision: Decision): Promise<void> {
    for (const { placement, items } of decision.slates) {
      for (const { action } of items) {
        if (below(3) !== 0) continue
        if (below(4) === 0) await sleep(below(40))
        const type = below(3) === 0 ? 'notShown' : 'impression'
        const askedAt = Date.now()
        const told: ToldOutcome = {
          ...{ decision: decision.id, action: action.id, placement: placement.id },
          outcome: { type, at: askedAt },
        }
        const [became] = await store.recordOutcomes([told], askedAt, SHOP.historyHorizonMs)
        const of = { customer, decision: decision.id, action: action.id, placement: placement.id }
        events.push({ kind: 'outcome', ...of, type, became: became!, askedAt, answeredAt: Date.now() })
      }
    }
  }

  async function lane(): Promise<void> {
    while (tally.tries < tries) await tryOnce()
  }

  await Promise.all(Array.from({ length: LANES }, lane))
  await sweeping.close()
  await store.close()
  writeFileSync(out, events.map((event) => JSON.stringify(event)).join('\n'))
  return { ...tally, degraded, commits }
}
