import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'

/** Clock ticks a second in /proc: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100
const PROBE = new URL('./probe.mjs', import.meta.url).href

/** What happened in a server since it was asked last. */
export interface Told {
  /** The longest that its event loop stood still. */
  readonly longestMs: number
  readonly gcMs: number
  readonly gcCount: number
  readonly cpuMs: number
}

/** A server under load in a process of its own, held to one core so that its share of that core can be told. */
export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** Seconds of CPU used so far. */
  cpuSeconds(): number
  /** Node servers only. */
  tell(): Promise<Told>
  stop(): Promise<void>
}

export interface ServerWanted {
  /** Node’s arguments; `python3` and such are named with `program`. */
  readonly args: readonly string[]
  readonly port: number
  readonly env?: NodeJS.ProcessEnv
  /** Answers anything at all once the server is ready. */
  readonly path: string
  readonly program?: string
  /** The cores it may use; the first one by default. */
  readonly cores?: string
}

/** Of any process, so far. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Starts a server and waits until `path` answers. */
export async function startServer(wanted: ServerWanted): Promise<ServerProcess> {
  const { args, port, env = {}, path, program, cores = '0' } = wanted
  const command = program === undefined ? [process.execPath, '--import', PROBE, ...args] : [program, ...args]
  const child = spawn('taskset', ['-c', cores, ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', ...(program === undefined ? (['ipc'] as const) : [])],
  })
  const url = `http://127.0.0.1:${port}`
  await waitFor(`${url}${path}`, child)
  return {
    url,
    pid: child.pid!,
    cpuSeconds: () => cpuSecondsOf(child.pid!),
    async tell() {
      const told = once(child, 'message') as Promise<[Told]>
      child.send('tell')
      return (await told)[0]
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

/** Keeps this process, and what it starts without saying otherwise, off the first core: that is for the server. */
export async function leaveFirstCore(): Promise<void> {
  const cores = availableParallelism()
  if (cores < 2) return
  const [code] = await once(
    spawn('taskset', ['-a', '-cp', `1-${cores - 1}`, `${process.pid}`], { stdio: 'ignore' }),
    'exit',
  )
  if (code !== 0) console.error('this machine does not let a process be held to a core; ratios are less sure')
}

async function waitFor(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    if (child.exitCode !== null)
      throw new Error(`the server ended with code ${child.exitCode} before it answered`)
    try {
      // 404 counts: the baseline has no probe.
      await fetch(url)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  throw new Error(`${url} did not answer within a minute`)
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
