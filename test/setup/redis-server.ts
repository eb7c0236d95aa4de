import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureDebianPackage, type ProgramFound, type ProgramWanted } from './debian-package.ts'

/** Debian's redis-server is a link into redis-tools, so both are named. */
export const REDIS_SERVER: ProgramWanted = {
  program: 'redis-server',
  packages: ['redis-server', 'redis-tools'],
  elsewhere: 'brew install redis',
}

export interface RedisWanted {
  /** This port and no other, as after a restart; a free one by default. */
  readonly port?: number
  /** A configuration file to begin with, as a sentinel wants one. */
  readonly file?: string
  /** More of the command line, such as `--maxmemory 5mb`. */
  readonly settings?: readonly string[]
}

export interface RunningRedis {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Ends this Redis and forgets its data. */
  stop(): Promise<void>
}

/**
 * Starts an empty Redis of its own on a free loopback port and returns once it answers.
 * It keeps nothing on disk and ends with the process that started it, however that one ends.
 */
export const startRedis = async (
  where: Partial<ProgramWanted> = {},
  wanted: RedisWanted = {},
): Promise<RunningRedis> => {
  const program = await ensureDebianPackage({ ...REDIS_SERVER, ...where })
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryStart(program, wanted.port ?? (await freePort()), wanted)
    if (!('log' in started)) return started
    // Somebody may take the port between our look and Redis's bind; a port of old may not be free yet.
    if (attempt < 5 && /Address already in use/.test(started.log)) {
      if (wanted.port !== undefined) await sleep(50)
      continue
    }
    throw new Error(`${program.path} did not start: ${started.log.trim().split('\n').at(-1) || 'no output'}`)
  }
}

const tryStart = async (
  program: ProgramFound,
  port: number,
  { file, settings = [] }: RedisWanted,
): Promise<RunningRedis | { log: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'emma-redis-'))
  const logFile = join(folder, 'log')
  const log = openSync(logFile, 'a')
  const server = spawn(
    program.path,
    [...(file === undefined ? [] : [file]), ...redisArguments(port, folder), ...settings],
    {
      cwd: folder,
      env: program.env,
      stdio: ['ignore', log, log],
    },
  )
  closeSync(log)
  const ended = once(server, 'exit').catch(() => undefined)
  const guard = server.pid === undefined ? undefined : guardOf(server, server.pid, folder)
  server.unref()

  const stop = async (): Promise<void> => {
    guard?.kill('SIGKILL')
    // Who waits for its end may have nothing else to wait for.
    server.ref()
    server.kill('SIGKILL')
    if (server.pid !== undefined) await ended
    await rm(folder, { recursive: true, force: true })
  }
  if (server.pid !== undefined && (await answers(server, server.pid, port))) {
    return { url: `redis://127.0.0.1:${port}`, port, pid: server.pid, stop }
  }
  const said = await readFile(logFile, 'utf8')
  await stop()
  return { log: said }
}

const redisArguments = (port: number, folder: string): string[] => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'],
  ...['--save', '', '--appendonly', 'no', '--loglevel', 'warning'],
]

/**
 * A shell that waits for the end of its input, which comes when this process ends, even by SIGKILL or a
 * crash where no exit handler runs; then it ends the server. In its own group, so Ctrl-C does not reach it.
 */
const guardOf = (server: ChildProcess, pid: number, folder: string): ChildProcess => {
  const script = 'read -r _; kill -9 "$1" 2>/dev/null; rm -rf "$2"'
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // Once the server is gone its number may be given to another process: no guard may outlive it.
  server.once('exit', () => guard.kill('SIGKILL'))
  guard.unref()
  const input = guard.stdin as Socket
  input.unref()
  return guard
}

const answers = async (server: ChildProcess, pid: number, port: number): Promise<boolean> => {
  const deadline = Date.now() + 15_000
  while (Date.now() < deadline && server.exitCode === null && server.signalCode === null) {
    const reply = await say(port, 'PING', 'INFO server')
    // Its own process id, because another Redis may have been given this port.
    if (reply.includes('+PONG') && reply.includes(`process_id:${pid}\r\n`)) return true
    await sleep(20)
  }
  return false
}

/** What a Redis replies to some commands, as it stands on the wire; nothing when it does not answer within a second. */
export const say = async (port: number, ...commands: readonly string[]): Promise<string> => {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.setTimeout(1_000, () => socket.destroy())
  socket.end([...commands, 'QUIT', ''].join('\r\n'))
  let reply = ''
  try {
    for await (const chunk of socket) reply += chunk
  } catch {
    // Not listening yet: the next question will tell.
  }
  return reply
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  if (address === null || typeof address === 'string') throw new Error('no loopback port to listen on')
  probe.close()
  await once(probe, 'close')
  return address.port
}
