import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'

const EMMA = fileURLToPath(new URL('../../src/cli/emma.mjs', import.meta.url))

/** Two megabytes, in blocks of 1024 bytes: files grow no further. */
const FULL_AT_BLOCKS = 2048

const CATALOGUE = {
  schema: 'emma/v1',
  placements: [{ id: 'home', channel: 'web', fallback: 'Hello' }],
  actions: [{ id: 'boots', treatments: [{ id: 'b', for: ['home'], content: { en: 'Warm feet' } }] }],
}

let folder: string
let server: ChildProcess | undefined
afterEach(async () => {
  const ended = new Promise((resolve) => server?.once('exit', resolve) ?? resolve(null))
  if (server?.exitCode === null) server.kill('SIGTERM')
  else server = undefined
  if (server !== undefined) await ended
  await rm(folder, { recursive: true, force: true })
})

/** Serves with files that cannot grow beyond the limit; a write beyond it fails as on a full disk. */
async function serve(): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'emma-full-'))
  await writeFile(join(folder, 'shop.json'), JSON.stringify(CATALOGUE))
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: '0',
    STORE_URL: `embedded:${join(folder, 'store')}`,
    CATALOGUE: join(folder, 'shop.json'),
    LOG_LEVEL: 'info',
  }
  for (const name of ['MODELS', 'SECRET', 'HOST']) delete env[name]
  const limited = `trap '' XFSZ; ulimit -f ${FULL_AT_BLOCKS}; exec "${process.execPath}" "${EMMA}" serve`
  server = spawn('bash', ['-c', limited], { env, cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
  return new Promise<string>((resolve, reject) => {
    let log = ''
    server!.stdout!.on('data', (chunk) => {
      log += chunk
      const ready = /Emma is ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)
      if (ready !== null) resolve(ready[1]!)
    })
    server!.once('exit', (code) => reject(new Error(`emma serve ended with ${code}: ${log}`)))
  })
}

it('goes on deciding when the disk is full, and says of a write that it failed', async () => {
  const url = await serve()
  const post = async (path: string, body: object) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const tell = (batch: number) =>
    post('/v1/contacts', {
      contacts: Array.from({ length: 1000 }, (_, i) => ({
        id: `${i}`,
        customer: { id: `c-${batch}-${i}` },
        channel: 'web',
      })),
    })
  let status = 200
  for (let batch = 0; status === 200 && batch < 100; batch++) status = (await tell(batch)).status
  expect(status).toBe(503)
  // Whatever else was rejected for it has its time.
  await new Promise((resolve) => setTimeout(resolve, 500))
  for (let i = 0; i < 3; i++) {
    const question = { customer: { id: 'c-0-0' }, channel: 'web', placements: [{ id: 'home' }] }
    const answer = await post('/v1/decisions', question)
    expect(answer.status).toBe(200)
    const { placements } = (await answer.json()) as { placements: { status: string }[] }
    expect(placements[0]!.status).toBe('filled')
  }
  expect((await fetch(`${url}/v1/customers/c-0-0`)).status).toBe(200)
  expect(server!.exitCode).toBeNull()
}, 60_000)
