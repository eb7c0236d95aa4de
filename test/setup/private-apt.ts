import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface AptTools {
  readonly aptGet: string
  readonly dpkgDeb: string
}

export interface Unpacking {
  readonly packages: readonly string[]
  /** An empty folder for apt's lists and archives; the caller deletes it. */
  readonly scratch: string
  /** Where the packages' files land, as if it were `/`. */
  readonly into: string
}

/**
 * Downloads Debian packages, and those they need that this machine lacks, and unpacks them into a folder.
 * Signatures are checked by apt as ever. Needs no root, runs no package script, and leaves the machine's
 * package lists, caches and packages untouched. Throws one line with what apt said.
 */
export const unpackDebianPackages = async (tools: AptTools, unpacking: Unpacking): Promise<void> => {
  const { packages, scratch, into } = unpacking
  const archives = join(scratch, 'archives')
  await mkdir(join(scratch, 'lists', 'partial'), { recursive: true })
  await mkdir(join(archives, 'partial'), { recursive: true })
  const settings = join(scratch, 'apt.conf')
  await writeFile(settings, aptSettings(scratch))

  // One unreachable third-party source fails the update of all, so only the download below decides.
  const update = await apt(tools.aptGet, ['-c', settings, 'update'])
  const install = await apt(tools.aptGet, ['-c', settings, 'install', ...packages])
  if (!install.ok) throw new Error(`apt-get said: ${complaint(update.said, install.said)}`)

  await mkdir(into, { recursive: true })
  for (const file of await readdir(archives)) {
    if (file.endsWith('.deb')) await run(tools.dpkgDeb, ['-x', join(archives, file), into])
  }
}

/**
 * Read by apt after the machine's own settings, which keeps proxies and mirrors and replaces the rest.
 * Hooks are cleared because the machine's may delete its caches or wake its desktop. Everything runs as the
 * present user because `_apt` cannot write into a project folder. `ReInstall` fetches a package even where
 * the machine has it: its files may hold what another one links to.
 */
const aptSettings = (scratch: string): string => `\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
Dir::State "${scratch}";
Dir::State::lists "${join(scratch, 'lists')}/";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "${scratch}";
Dir::Cache::archives "${join(scratch, 'archives')}/";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Dir::Log "${scratch}";
Debug::NoLocking "true";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
APT::Get::Assume-Yes "true";
APT::Get::Download-Only "true";
APT::Get::ReInstall "true";
APT::Keep-Downloaded-Packages "true";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
`

const apt = async (program: string, args: readonly string[]): Promise<{ ok: boolean; said: string }> => {
  try {
    const { stdout, stderr } = await run(program, args, {
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024,
      timeout: 8 * 60_000,
    })
    return { ok: true, said: `${stderr}\n${stdout}` }
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string }
    return { ok: false, said: `${stderr ?? ''}\n${stdout ?? ''}\n${message}` }
  }
}

/** Where no list arrived, the download only says that it knows no such package: the update knows why. */
const complaint = (update: string, install: string): string => {
  const of = (text: string, kind: RegExp) => text.split('\n').find((line) => kind.test(line))
  const direct = of(install, /^E: (?!Unable to locate|Package .* has no installation candidate)/)
  const last = install.trim().split('\n').at(-1) ?? 'nothing'
  return direct ?? of(update, /^E:/) ?? of(update, /^(W|Err):/) ?? of(install, /^E:/) ?? last
}
