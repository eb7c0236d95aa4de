/**
 * Do the peers decide the same as Emma? By hand: `node --import tsx bench/peers/same.ts`. Asks Emma, the straight peer and
 * the scoring peer for 200 customers, each of them once, and tells how often they agree and why they do not.
 */
import { Redis } from 'ioredis'
import { startRedis } from '../../test/setup/redis-server.ts'
import { freePort, type ServerProcess, startServer } from '../measuring/server-process.ts'
import { startEmma } from '../reference/emma.ts'
import { requestOf } from '../reference/requests.ts'
import { fillScoring } from './scoring/fill.ts'
import { LOG } from './straight/decide.ts'
import { fillStraight } from './straight/fill.ts'
import type { DecisionReply } from './straight/schemas.ts'

const CUSTOMERS = 200
/** Of propensities that count as equal. */
const TOLERANCE = 1e-5

interface Explained extends DecisionReply {
  readonly explanation: {
    readonly candidates: readonly {
      readonly actionId: string
      readonly propensity: number | null
      readonly priority: number | null
    }[]
  }
}

interface Scores {
  readonly items: readonly { readonly actionId: string; readonly propensity: number }[]
}

/** Why the first action is another one. */
const REASONS = {
  explored: 'Emma explored: what came first was not the best by her own priorities',
  rules: 'a rule holds for one and not for the other: a feature at its bound, which Emma rounds to 11 bits',
  close: 'two priorities lie closer together than that rounding moves them',
}

const running: { stop(): Promise<void> }[] = []
try {
  const [ofEmma, ofPeers] = [await startRedis(), await startRedis()]
  running.push(ofEmma, ofPeers)
  await fillStraight(ofPeers.url, { customers: CUSTOMERS, now: Date.now() })
  await fillScoring(ofPeers.url, { customers: CUSTOMERS })
  const emma = await startEmma({ store: ofEmma.url, customers: CUSTOMERS })
  running.push(emma)
  const straight = await startPeer(['--import', 'tsx', 'bench/peers/straight/server.ts'], ofPeers.url)
  running.push(straight)
  const scoring = await startPeer(['bench/peers/scoring/server.py'], ofPeers.url, '/usr/bin/python3')
  running.push(scoring)
  await compare(emma, straight, scoring, ofPeers.url)
} finally {
  for (const one of running.reverse()) await one.stop()
}

async function compare(emma: ServerProcess, straight: ServerProcess, scoring: ServerProcess, url: string) {
  let [sameTop, sameThree, scoredByEmma] = [0, 0, 0]
  const other: Record<keyof typeof REASONS, number> = { explored: 0, rules: 0, close: 0 }
  let [compared, equal, furthest, furthestStraight] = [0, 0, 0, 0]
  for (let n = 0; n < CUSTOMERS; n++) {
    const ours = await ask<Explained>(emma, '/v1/decisions', requestOf(n, { explain: 'full' }))
    const theirs = await ask<DecisionReply>(straight, '/v1/decisions', requestOf(n))
    const scores = await ask<Scores>(scoring, '/v1/scores', requestOf(n))
    const scored = ours.explanation.candidates.filter(({ propensity }) => propensity !== null)
    const propensityOf = new Map(scored.map(({ actionId, propensity }) => [actionId, propensity!]))
    scoredByEmma += scored.length

    const [a, b] = [idsIn(ours), idsIn(theirs)]
    if (a[0] === b[0]) sameTop++
    else {
      const best = scored.reduce((one, another) =>
        another.priority! > one.priority! ? another : one,
      ).actionId
      if (best === b[0]) other.explored++
      else if (!propensityOf.has(b[0]!)) other.rules++
      else other.close++
      console.error(`${n}: Emma ${a.join(' ')}, straight ${b.join(' ')}`)
    }
    if (a.toSorted().join() === b.toSorted().join()) sameThree++
    for (const { actionId, propensity } of theirs.placements[0]!.items) {
      const own = propensityOf.get(actionId)
      if (own !== undefined) furthestStraight = Math.max(furthestStraight, Math.abs(own - propensity))
    }
    for (const { actionId, propensity } of scores.items) {
      const own = propensityOf.get(actionId)
      if (own === undefined) continue
      compared++
      if (Math.abs(own - propensity) <= TOLERANCE) equal++
      furthest = Math.max(furthest, Math.abs(own - propensity))
    }
  }
  const scoredByPeer = await meanScored(url)
  console.log(`same first action: ${sameTop} of ${CUSTOMERS}; the same three: ${sameThree}`)
  for (const [reason, text] of Object.entries(REASONS))
    console.log(`  another first action ${other[reason as keyof typeof REASONS]} times: ${text}`)
  console.log(
    `scored on average: Emma ${(scoredByEmma / CUSTOMERS).toFixed(2)}, straight ${scoredByPeer.toFixed(2)}`,
  )
  console.log(`propensities of straight differ by ${furthestStraight.toExponential(1)} at most`)
  console.log(
    `propensities of scoring: ${equal} of ${compared} equal to ${TOLERANCE}, the furthest by ${furthest.toExponential(1)}`,
  )
}

function idsIn({ placements }: DecisionReply): string[] {
  return placements[0]!.items.map(({ actionId }) => actionId)
}

/** As the log of the straight peer has it. */
async function meanScored(url: string): Promise<number> {
  const redis = new Redis(url)
  try {
    const records = (await redis.xrange(LOG, '-', '+')).map(([, [, record]]) => JSON.parse(record!))
    if (records.length !== CUSTOMERS) throw new Error(`${records.length} decisions are in the log`)
    return records.reduce((sum, { scored }) => sum + scored, 0) / records.length
  } finally {
    redis.disconnect()
  }
}

async function startPeer(args: readonly string[], url: string, program?: string): Promise<ServerProcess> {
  const port = await freePort()
  return startServer({
    args: [...args, `${port}`, url],
    port,
    path: '/healthz',
    ...(program === undefined ? {} : { program }),
  })
}

async function ask<T>({ url }: ServerProcess, path: string, body: string): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}
