import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, constants, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withFolderLock } from './folder-lock.ts'
import { unpackDebianPackages } from './private-apt.ts'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/emma/debian', import.meta.url))

export interface ProgramWanted {
  /** The command, as found on the PATH. */
  readonly program: string
  /** Debian packages that hold it. Name those its files link to as well: they may be installed without it. */
  readonly packages: readonly string[]
  /** Where it lies inside the packages, if not in a `bin` folder: a wrapper script may insist on `/usr`. */
  readonly fileInPackage?: string
  /** What to type where there is no Debian, as in `brew install redis`. */
  readonly elsewhere?: string
  /** Folders to look in instead of the PATH. */
  readonly searchPath?: string
  /** Fetch it even where the PATH has it. */
  readonly ignorePath?: boolean
  readonly cacheFolder?: string
}

export interface ProgramFound {
  readonly path: string
  /** The environment to start it with. */
  readonly env: NodeJS.ProcessEnv
  readonly from: 'path' | 'cache' | 'download'
}

/**
 * Finds a program the tests need: the machine's own if the PATH has it, otherwise Debian's package unpacked
 * into a cache folder of the project. Nothing is installed on the machine and no root is needed.
 * Safe to call from several processes at once. Throws one line that says what to install, never skips.
 */
export const ensureDebianPackage = async (wanted: ProgramWanted): Promise<ProgramFound> => {
  const searchPath = wanted.searchPath ?? process.env.PATH ?? ''
  const own = wanted.ignorePath ? undefined : await whereIs(wanted.program, searchPath)
  if (own) return { path: own, env: process.env, from: 'path' }

  const aptGet = await whereIs('apt-get', searchPath)
  const dpkgDeb = await whereIs('dpkg-deb', searchPath)
  if (!aptGet || !dpkgDeb)
    throw new Error(refusal(wanted, 'there is no apt-get and dpkg-deb to fetch it with'))

  const cache = wanted.cacheFolder ?? CACHE
  const folder = join(cache, await folderName(wanted.packages))
  const cached = await foundIn(folder, wanted)
  if (cached) return { ...cached, from: 'cache' }

  try {
    return await withFolderLock(`${folder}.lock`, async () => {
      const meanwhile = await foundIn(folder, wanted)
      if (meanwhile) return { ...meanwhile, from: 'cache' }
      console.error(`Fetching ${wanted.program} from Debian packages into ${cache} (once)`)
      await fetchInto(folder, { aptGet, dpkgDeb }, wanted.packages)
      const fetched = await foundIn(folder, wanted)
      if (!fetched) throw new Error(`${wanted.packages.join(', ')} did not bring a program that runs`)
      return { ...fetched, from: 'download' }
    })
  } catch (error) {
    throw new Error(refusal(wanted, `fetching it failed (${(error as Error).message})`), { cause: error })
  }
}

const refusal = ({ program, packages, elsewhere }: ProgramWanted, why: string): string =>
  `${program} is not on the PATH and ${why}. Install it (apt-get install ${packages.join(' ')}` +
  `${elsewhere ? `, or ${elsewhere}` : ''}) and run the tests again.`

const whereIs = async (program: string, searchPath: string): Promise<string | undefined> => {
  for (const folder of searchPath.split(delimiter)) {
    if (folder === '') continue
    const path = join(folder, program)
    if (await isProgram(path)) return path
  }
  return undefined
}

const isProgram = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** A cache may be carried to another Debian or another processor, so both are in the name. */
const folderName = async (packages: readonly string[]): Promise<string> => {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const key = createHash('sha256').update(release).update(packages.join(' ')).digest('hex').slice(0, 8)
  return `${packages[0]}-${process.arch}-${key}`
}

const foundIn = async (
  folder: string,
  { program, fileInPackage }: ProgramWanted,
): Promise<{ path: string; env: NodeJS.ProcessEnv } | undefined> => {
  const binaries = ['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((bin) => join(bin, program))
  for (const file of fileInPackage ? [fileInPackage] : binaries) {
    const path = join(folder, file)
    if (!(await isProgram(path))) continue
    const libraries = await libraryFolders(folder)
    const env = {
      ...process.env,
      ...(libraries.length > 0 && { LD_LIBRARY_PATH: libraries.join(delimiter) }),
    }
    // Asked each time: the machine may have lost a library since the cache was filled.
    if (await answersVersion(path, env)) return { path, env }
  }
  return undefined
}

const libraryFolders = async (root: string): Promise<string[]> => {
  const folders = new Set<string>()
  for (const lib of ['lib', 'usr/lib']) {
    const files = await readdir(join(root, lib), { recursive: true }).catch(() => [])
    for (const file of files) if (/\.so(\.\d+)*$/.test(file)) folders.add(dirname(join(root, lib, file)))
  }
  return [...folders].sort()
}

const answersVersion = async (path: string, env: NodeJS.ProcessEnv): Promise<boolean> => {
  try {
    await promisify(execFile)(path, ['--version'], { env, timeout: 20_000 })
    return true
  } catch {
    return false
  }
}

/** Unpacks beside `folder` and renames: a folder of that name is always whole. */
const fetchInto = async (
  folder: string,
  tools: { aptGet: string; dpkgDeb: string },
  packages: readonly string[],
): Promise<void> => {
  const scratch = await mkdtemp(`${folder}.part-`)
  try {
    const root = join(scratch, 'root')
    await unpackDebianPackages(tools, { packages, scratch, into: root })
    await rm(folder, { recursive: true, force: true })
    await rename(root, folder)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
