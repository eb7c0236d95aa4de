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

export interface Served {
  readonly url: string
  readonly child: ChildProcess
  readonly log: () => string
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>
}

/** Runs `emma serve` until it says that it is ready. @throws Error when it ends before. */
export async function serve(settings: Environment, cwd: string): Promise<Served> {
  const { child, said, ended } = start(['serve'], { PORT: '0', ...settings }, cwd)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const ready = /Emma is ready on (http:\/\/[^ ]+)/.exec(said.out)
      if (ready !== null) resolve(ready[1]!)
    })
    void ended.then(() => reject(new Error(`serve ended: ${said.err}`)))
  })
  return {
    url,
    child,
    log: () => said.out + said.err,
    async stop(signal = 'SIGTERM') {
      const started = performance.now()
      child.kill(signal)
      const [code] = await ended
      return { code, ms: performance.now() - started }
    },
  }
}
