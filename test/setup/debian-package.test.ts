import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { ensureDebianPackage } from './debian-package.ts'
import { REDIS_SERVER } from './redis-server.ts'

const onDebian = existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb')

describe('ensureDebianPackage, with real packages', () => {
  // A Mac has no Debian packages to unpack; there Redis itself is still required by redis-server.test.ts.
  test.runIf(onDebian)(
    'unpacks a Redis that runs, even where the machine has one',
    async () => {
      const found = await ensureDebianPackage({ ...REDIS_SERVER, ignorePath: true })
      expect(found.path).toContain(join('node_modules', '.cache', 'emma', 'debian'))
      const said = execFileSync(found.path, ['--version'], { env: found.env, encoding: 'utf8' })
      expect(said).toMatch(/^Redis server v=\d+/)
      expect((await ensureDebianPackage({ ...REDIS_SERVER, ignorePath: true })).from).toBe('cache')
    },
    600_000,
  )
})

describe('ensureDebianPackage, with an apt of our own', () => {
  let folder: string
  let progress: MockInstance<typeof console.error>
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-debian-'))
    progress = vi.spyOn(console, 'error').mockReturnValue()
  })
  afterEach(async () => {
    progress.mockRestore()
    await rm(folder, { recursive: true, force: true })
  })

  const program = async (name: string, script: string) => {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
    await chmod(join(folder, name), 0o755)
  }
  const log = async () => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n')
  const wanted = () => ({
    program: 'clock',
    packages: ['clock-server', 'clock-tools'],
    elsewhere: 'brew install clock',
    searchPath: folder,
    cacheFolder: join(folder, 'cache'),
  })

  /** An apt-get that "downloads" one archive and a dpkg-deb that "unpacks" `body` as the program. */
  const debian = async (body = 'echo clock 1.0') => {
    await program(
      'apt-get',
      `shift; conf=$1; shift; echo "$*" >> "${folder}/log"
      archives=$(sed -n 's/^Dir::Cache::archives "\\(.*\\)";/\\1/p' "$conf")
      if [ "$1" = install ]; then sleep 0.3; : > "$archives/clock_1.deb"; fi`,
    )
    await program(
      'dpkg-deb',
      `mkdir -p "$3/usr/bin"; printf '#!/bin/sh\\n${body}\\n' > "$3/usr/bin/clock"; chmod +x "$3/usr/bin/clock"`,
    )
  }

  test('uses the machine’s own program as it is', async () => {
    await debian()
    await program('clock', 'echo own')
    expect(await ensureDebianPackage(wanted())).toMatchObject({ path: join(folder, 'clock'), from: 'path' })
    expect(existsSync(join(folder, 'log'))).toBe(false)
  })

  test('downloads once for all who ask at the same time, then answers from the cache', async () => {
    await debian()
    const found = await Promise.all([1, 2, 3].map(() => ensureDebianPackage(wanted())))
    expect(found.map((one) => one.from).sort()).toEqual(['cache', 'cache', 'download'])
    expect(await log()).toEqual(['update', 'install clock-server clock-tools'])
    expect(progress).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('Fetching clock from Debian packages'),
    )
    expect((await ensureDebianPackage(wanted())).from).toBe('cache')
    expect(await readdir(join(folder, 'cache'))).toHaveLength(1)
  })

  test('fetches again when what is cached no longer runs', async () => {
    await debian()
    const { path } = await ensureDebianPackage(wanted())
    await writeFile(path, '#!/bin/sh\nexit 127\n')
    expect((await ensureDebianPackage(wanted())).from).toBe('download')
  })

  test('refuses in one line when neither the program nor Debian’s tools are there', async () => {
    await expect(ensureDebianPackage({ ...wanted(), searchPath: '' })).rejects.toThrow(
      /^clock is not on the PATH and there is no apt-get and dpkg-deb to fetch it with\. Install it \(apt-get install clock-server clock-tools, or brew install clock\) and run the tests again\.$/,
    )
  })

  test('refuses in one line, with apt’s own reason, when the download fails', async () => {
    await debian()
    await program(
      'apt-get',
      'if [ "$3" = update ]; then echo "W: no route to the mirror" >&2; else echo "E: Unable to locate package" >&2; exit 100; fi',
    )
    await expect(ensureDebianPackage(wanted())).rejects.toThrow(
      /^clock is not on the PATH and fetching it failed \(apt-get said: W: no route to the mirror\)\. Install it .*again\.$/,
    )
    expect(await readdir(join(folder, 'cache'))).toEqual([])
  })

  test('refuses a package without a program that runs', async () => {
    await debian('exit 1')
    await expect(ensureDebianPackage(wanted())).rejects.toThrow('did not bring a program that runs')
  })
})
