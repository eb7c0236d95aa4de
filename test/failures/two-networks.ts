import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const HERE = '10.213.0.1'
const THERE = '10.213.0.2'
/** In a network of its own every port is free; here this one has to be. */
const PORT = 27_391

export interface TwoNetworks {
  /** The master is on this side of the cable. */
  readonly master: { readonly host: string; readonly port: number }
  /** The one that will be promoted, and the one that follows it then, are on the other. */
  readonly replica: { readonly host: string; readonly port: number }
  /** Pulls the cable: nothing passes, and nobody is told. */
  cut(): void
  /** Makes the first replica a master, ends the old one, and plugs the cable in again. */
  promote(): Promise<void>
  close(): Promise<void>
}

/** In one line what is missing for two networks here; null when nothing is. */
export function missing(): string | null {
  if (process.getuid?.() !== 0) return 'network namespaces need root: run this as root'
  try {
    execFileSync('ip', ['netns', 'list'], { stdio: 'ignore' })
    return null
  } catch {
    return 'network namespaces need the program ip: apt-get install iproute2'
  }
}

/** A master here, and two replicas of it in a network of their own, with one cable between them. */
export async function startTwoNetworks(): Promise<TwoNetworks> {
  const name = `emma-${process.pid}`
  const [here, there] = [`ea${process.pid}`, `eb${process.pid}`]
  const folder = mkdtempSync(join(tmpdir(), 'emma-partition-'))
  const servers: ChildProcess[] = []
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const inside = (...args: string[]) => ip('netns', 'exec', name, ...args)
  const close = async () => {
    for (const server of servers) await ended(server)
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
    rmSync(folder, { recursive: true, force: true })
  }
  const start = (prefix: readonly string[], host: string, port: number, more: readonly string[]) => {
    const settings = [
      ...['--port', String(port), '--bind', host, '127.0.0.1', '--protected-mode', 'no', '--dir', folder],
      ...[
        '--save',
        '',
        '--repl-diskless-sync-delay',
        '0',
        '--repl-ping-replica-period',
        '1',
        '--loglevel',
        'warning',
      ],
    ]
    const [program, ...args] = [...prefix, 'redis-server', ...settings, ...more]
    const server = spawn(program!, args, { stdio: 'ignore' })
    servers.push(server)
    return server
  }
  const cli = (port: number, ...words: string[]) =>
    execFileSync('ip', ['netns', 'exec', name, 'redis-cli', '-h', THERE, '-p', String(port), ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })

  ip('netns', 'add', name)
  try {
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name)
    ip('addr', 'add', `${HERE}/30`, 'dev', here)
    ip('link', 'set', here, 'up')
    inside('ip', 'addr', 'add', `${THERE}/30`, 'dev', there)
    inside('ip', 'link', 'set', there, 'up')
    inside('ip', 'link', 'set', 'lo', 'up')
    const master = start([], HERE, PORT, [])
    for (const port of [PORT, PORT + 1])
      start(['ip', 'netns', 'exec', name], THERE, port, ['--replicaof', HERE, String(PORT)])
    await until('both replicas follow the master', () =>
      [PORT, PORT + 1].every((port) => cli(port, 'INFO', 'replication').includes('master_link_status:up')),
    )
    return {
      master: { host: HERE, port: PORT },
      replica: { host: THERE, port: PORT },
      cut: () => ip('link', 'set', here, 'down'),
      async promote() {
        cli(PORT, 'REPLICAOF', 'NO', 'ONE')
        cli(PORT + 1, 'REPLICAOF', THERE, String(PORT))
        await until('the new master is followed', () =>
          cli(PORT, 'INFO', 'replication').includes('state=online'),
        )
        await ended(master)
        ip('link', 'set', here, 'up')
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

export interface MovingLine {
  readonly port: number
  /** From now on it leads there, and what was open is closed: as an address that moves with the master. */
  moveTo(to: { readonly host: string; readonly port: number }): void
  stop(): void
}

/** A local port that leads to a Redis, and later to another. */
export async function startMovingLine(first: {
  readonly host: string
  readonly port: number
}): Promise<MovingLine> {
  let to = first
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ ...to, noDelay: true })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const end = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    port: (server.address() as { port: number }).port,
    moveTo(next) {
      to = next
      end()
    },
    stop() {
      server.close()
      end()
    },
  }
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exit = once(server, 'exit')
  server.kill('SIGKILL')
  await exit
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  for (;;) {
    try {
      if (isSo()) return
    } catch {
      // It does not answer yet.
    }
    if (Date.now() > deadline) throw new Error(`20 s have passed before ${what}`)
    await sleep(50)
  }
}
