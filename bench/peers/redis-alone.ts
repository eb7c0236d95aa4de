import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ensureDebianPackage, type ProgramFound } from '../../test/setup/debian-package.ts'

const CLIENTS = 16
const VALUE_BYTES = 1000
const KEYS = 10_000
const TRIAL_REQUESTS = 20_000

export interface RedisAlone {
  readonly getsPerSecond: number
  readonly setsPerSecond: number
}

/**
 * redis-benchmark: GET and SET of 1,000 bytes, 16 clients, no pipeline.
 * @param seconds - about so long each of the two is measured
 */
export async function redisAlone(url: string, seconds: number): Promise<RedisAlone> {
  const program = await ensureDebianPackage({
    program: 'redis-benchmark',
    packages: ['redis-tools'],
    elsewhere: 'brew install redis',
  })
  // It takes a number of requests, not of seconds: a short run tells how many that is.
  const trial = await measure(program, url, TRIAL_REQUESTS)
  const requests = Math.round(seconds * Math.min(trial.getsPerSecond, trial.setsPerSecond))
  return measure(program, url, requests)
}

/** SET is measured first, so what GET asks for is there. */
async function measure({ path, env }: ProgramFound, url: string, requests: number): Promise<RedisAlone> {
  const { hostname, port } = new URL(url)
  const { stdout } = await promisify(execFile)(
    path,
    [
      ...['-h', hostname, '-p', port || '6379', '-c', String(CLIENTS), '-n', String(requests)],
      ...['-d', String(VALUE_BYTES), '-r', String(KEYS), '-t', 'set,get', '--csv'],
    ],
    { env },
  )
  return { getsPerSecond: rateOf('GET', stdout), setsPerSecond: rateOf('SET', stdout) }
}

/** Of lines such as `"SET","81967.21","0.110",…`. */
function rateOf(test: string, csv: string): number {
  const rate = Number(new RegExp(`^"${test}","([\\d.]+)"`, 'm').exec(csv)?.[1])
  if (!(rate > 0)) throw new Error(`redis-benchmark told no rate of ${test}: ${csv}`)
  return rate
}
