import { freePort, type ServerProcess, type ServerWanted, startServer } from '../measuring/server-process.ts'
import { CUSTOMERS } from '../reference/requests.ts'
import { fillBare } from './fill-bare.ts'
import { fillScoring } from './scoring/fill.ts'
import { fillStraight } from './straight/fill.ts'

/** About as long as the answer of a reference decision. */
const ANSWER = JSON.stringify({
  decisionId: 'b0000-00000000-0000-7000-8000-000000000000',
  items: 'x'.repeat(1750),
})

/** Bare Fastify with one GET. */
export async function startBare(redis: string): Promise<ServerProcess> {
  await fillBare(redis, { customers: CUSTOMERS })
  return started({ args: ['--import', 'tsx', 'bench/peers/bare.ts'], env: { ANSWER } }, redis)
}

/** The straightforward build. */
export async function startStraight(redis: string): Promise<ServerProcess> {
  await fillStraight(redis, { customers: CUSTOMERS, now: Date.now() })
  return started({ args: ['--import', 'tsx', 'bench/peers/straight/server.ts'] }, redis)
}

/** FastAPI and scikit-learn, which score and do nothing else. */
export async function startScoring(redis: string): Promise<ServerProcess> {
  await fillScoring(redis, { customers: CUSTOMERS })
  return started({ program: '/usr/bin/python3', args: ['bench/peers/scoring/server.py'] }, redis)
}

async function started(wanted: Omit<ServerWanted, 'port' | 'path'>, redis: string): Promise<ServerProcess> {
  const port = await freePort()
  return startServer({ ...wanted, args: [...wanted.args, `${port}`, redis], port, path: '/healthz' })
}
