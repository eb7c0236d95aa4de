import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../src/compose.ts'
import { loadSettings } from '../src/config/load.ts'
import { decisionRequestSchema, toDecisionRequest } from '../src/http/schemas/decision-request.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const readme = await readFile(join(ROOT, 'README.md'), 'utf8')

/** Every curl block that is followed by its answer. */
const examples = [...readme.matchAll(/```sh\n(curl [\s\S]*?)```\n\n```json\n([\s\S]*?)```/g)].map(
  ([, command, answer]) => ({
    command: command!,
    answer: answer!,
  }),
)

describe('the README', () => {
  let server: ReturnType<typeof spawn>
  let folder: string
  let port: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-readme-'))
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      PORT: '0',
      STORE_URL: `embedded:${folder}`,
      LOG_LEVEL: 'info',
      // A busy machine may take its time.
      DEADLINE_MS: '10000',
    }
    for (const name of ['CATALOGUE', 'MODELS', 'SECRET', 'HOST']) delete env[name]
    server = spawn(process.execPath, ['src/cli/emma.mjs', 'serve'], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    port = await new Promise<string>((resolve, reject) => {
      let log = ''
      server.stdout!.on('data', (chunk) => {
        log += chunk
        const ready = /Emma is ready on http:\/\/127\.0\.0\.1:(\d+)/.exec(log)
        if (ready !== null) resolve(ready[1]!)
      })
      server.once('exit', (code) => reject(new Error(`emma serve ended with ${code}: ${log}`)))
    })
  }, 120_000)

  afterAll(async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  })

  it('shows at least three decisions', () => expect(examples.length).toBeGreaterThanOrEqual(3))

  it.each(examples)('prints what Emma answers, byte for byte: $command', async ({ command, answer }) => {
    const { stdout } = await promisify(execFile)('bash', ['-c', command.replaceAll(':8080', `:${port}`)])
    expect(stdout).toBe(answer)
  })

  it('shows no score so near to a rounding border that another processor might tell it otherwise', async () => {
    const settings = loadSettings(undefined, { STORE_URL: `embedded:${folder}` })
    const emma = await compose(settings, {
      onProgress: () => {},
      onNotice: () => {},
      onTrouble: (error) => expect(error).toBeUndefined(),
    })
    let scores = 0
    for (const { command } of examples) {
      const body = decisionRequestSchema.parse(JSON.parse(/-d '([\s\S]+)'/.exec(command)![1]!))
      for (const { items } of (await emma.decide(toDecisionRequest(body))).slates) {
        for (const { propensity } of items) {
          const lastDigit = 10 ** (Math.floor(Math.log10(propensity)) - 4)
          const place = (propensity / lastDigit) % 1
          expect(Math.abs(place - 0.5), `${propensity}`).toBeGreaterThan(0.05)
          scores++
        }
      }
    }
    await emma.close()
    expect(scores).toBeGreaterThan(1)
  })

  it('links to nothing that is not there', async () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target!)
    expect(links.length).toBeGreaterThan(5)
    for (const link of links)
      await expect(readFile(join(ROOT, link)).catch((error) => error.code)).resolves.not.toBe('ENOENT')
  })
})
