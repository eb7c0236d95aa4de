import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const EMMA = fileURLToPath(new URL('../../src/cli/emma.mjs', import.meta.url))

type Environment = Readonly<Record<string, string>>

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Starts `emma` in a shell’s way: only these settings, and no others that this process has. */
function start(args: readonly string[], settings: Environment, cwd: string) {
  const child = spawn(process.execPath, [EMMA, ...args], {
    env: { PATH: process.env.PATH, ...settings },
    cwd,
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (text) => {
    said.out += text
  })
  child.stderr.on('data', (text) => {
    said.err += text
  })
  return { child, said, ended: once(child, 'close') as Promise<[number | null]> }
}

/** Runs one command to its end. */
export async function emma(
  args: readonly string[],
  settings: Environment,
  cwd: string,
  input = '',
): Promise<Ran> {
  const { child, said, ended } = start(args, settings, cwd)
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code] = await ended
  return { code, ...said }
}

export interface Serving {
  readonly child: ChildProcess
  /** The address, once it says that it is ready. Rejects when it ends before. */
  readonly ready: Promise<string>
  readonly log: () => string
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>
}

export interface Served extends Omit<Serving, 'ready'> {
  readonly url: string
}

/** Runs `emma serve`. */
export function startServing(settings: Environment, cwd: string): Serving {
  const { child, said, ended } = start(['serve'], { PORT: '0', ...settings }, cwd)
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const told = /Emma is ready on (http:\/\/[^ ]+)/.exec(said.out)
      if (told !== null) resolve(told[1]!)
    })
    void ended.then(() => reject(new Error(`serve ended: ${said.err}`)))
  })
  // Whoever waits for it is told; whoever does not may end it before.
  ready.catch(() => {})
  return {
    child,
    ready,
    log: () => said.out + said.err,
    async stop(signal = 'SIGTERM') {
      const started = performance.now()
      child.kill(signal)
      const [code] = await ended
      return { code, ms: performance.now() - started }
    },
  }
}

/** Runs `emma serve` until it says that it is ready. @throws Error when it ends before. */
export async function serve(settings: Environment, cwd: string): Promise<Served> {
  const serving = startServing(settings, cwd)
  return { ...serving, url: await serving.ready }
}
