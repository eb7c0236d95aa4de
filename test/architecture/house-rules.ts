import { basename, dirname, extname, posix } from 'node:path'
import { type ImportFact, readFacts, type SourceFacts } from './source-facts.ts'

export interface House {
  /**
   * Which room (folder of src, or file beside the rooms) may import what: a room, a file as `decide/model-rows.ts`,
   * the files at the top of a room as `http/*.ts`, types only as `type decide`, or `*` for everything.
   */
  readonly rooms: Readonly<Record<string, readonly string[]>>
  /** Rooms that may import these packages and no other. */
  readonly onlyPackages: Readonly<Record<string, readonly string[]>>
  /** Packages (`@scope/*`, `name-*`) that only these files (`room/**` or a file) may import. */
  readonly guardedPackages: Readonly<Record<string, readonly string[]>>
  /** Files that may read process.env. */
  readonly environment: readonly string[]
  /** Rooms without a clock and without chance. */
  readonly pure: readonly string[]
  /** Words no file or folder may be named with. */
  readonly emptyNames: readonly string[]
}

export type Rule =
  | 'rooms'
  | 'packages'
  | 'environment'
  | 'cycles'
  | 'barrels'
  | 'names'
  | 'pure'
  | 'extensions'

/** Paths from src with `/`, to their text. Files that are no code are there for their names only. */
export type Files = Readonly<Record<string, string>>

type Sources = ReadonlyMap<string, SourceFacts>
type Check = (house: House, sources: Sources, paths: readonly string[]) => string[]

/** Every violation of one rule as `path:line what`; an empty list means the house is in order. */
export const violationsOf = (rule: Rule, house: House, files: Files): string[] => {
  const paths = Object.keys(files).sort()
  const code = paths.filter((path) => /\.[cm]?[jt]sx?$/.test(path))
  const sources = new Map(code.map((path) => [path, readFacts(path, files[path]!)]))
  return CHECKS[rule](house, sources, paths)
}

const roomOf = (path: string): string => path.split('/')[0]!
const isRelative = (specifier: string): boolean => /^\.{0,2}\//.test(specifier)
const targetOf = (path: string, { specifier }: ImportFact): string =>
  posix.join(posix.dirname(path), specifier)

const eachImport = (
  sources: Sources,
  check: (path: string, fact: ImportFact) => string | undefined,
): string[] =>
  [...sources].flatMap(([path, { imports }]) =>
    imports.flatMap((fact) => {
      const what = check(path, fact)
      return what ? [`${path}:${fact.line} ${what}`] : []
    }),
  )

/** Matches a file against `room`, `room/**`, `room/*.ts`, `room/file.ts` or `*`. */
const matches = (pattern: string, path: string): boolean => {
  if (pattern === '*' || pattern === path || pattern === roomOf(path)) return true
  if (pattern.endsWith('/**')) return path.startsWith(pattern.slice(0, -2))
  return pattern.endsWith('/*.ts') && dirname(path) === dirname(pattern) && extname(path) === '.ts'
}

const rooms: Check = ({ rooms }, sources, paths) => {
  const strangers = [...new Set(paths.map(roomOf))].filter((room) => !Object.hasOwn(rooms, room))
  const unknown = strangers.map((room) => `${room} is not on the map`)
  const trespasses = eachImport(sources, (path, fact) => {
    if (!isRelative(fact.specifier)) return undefined
    const target = targetOf(path, fact)
    // package.json and the like: data, not a room.
    if (target.startsWith('../')) return target.endsWith('.json') ? undefined : `leaves src for ${target}`
    if (roomOf(target) === roomOf(path)) return undefined
    const doors = rooms[roomOf(path)] ?? []
    const open = doors.some((door) =>
      door.startsWith('type ') ? fact.typeOnly && matches(door.slice(5), target) : matches(door, target),
    )
    return open ? undefined : `may not import ${target}${fact.typeOnly ? ' (type)' : ''}`
  })
  return [...unknown, ...trespasses]
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const isPackage = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name

const packages: Check = ({ onlyPackages, guardedPackages }, sources) =>
  eachImport(sources, (path, { specifier }) => {
    if (isRelative(specifier)) return undefined
    const name = packageOf(specifier)
    const allowed = onlyPackages[roomOf(path)]
    if (allowed && !allowed.includes(name)) return `may not import ${name}`
    for (const [pattern, owners] of Object.entries(guardedPackages)) {
      const isOwner = owners.some((owner) => matches(owner, path))
      if (isPackage(pattern, name) && !isOwner) return `may not import ${name}, only ${owners.join(', ')}`
    }
    return undefined
  })

const environment: Check = (house, sources) =>
  [...sources].flatMap(([path, facts]) =>
    house.environment.some((owner) => matches(owner, path))
      ? []
      : facts.environment.map(({ what, line }) => `${path}:${line} reads ${what}`),
  )

/** Types count too: two files that need each other's types are one file, or want a third. */
const cycles: Check = (_house, sources) => {
  const found: string[] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path].join(' → '))
    if (start >= 0 || done.has(path)) return
    const relative = (sources.get(path)?.imports ?? []).filter(({ specifier }) => isRelative(specifier))
    for (const target of new Set(relative.map((fact) => targetOf(path, fact)))) walk(target, [...trail, path])
    done.add(path)
  }
  for (const path of sources.keys()) walk(path, [])
  return found
}

const barrels: Check = (_house, sources) =>
  [...sources].flatMap(([path, { onlyReExports }]) => {
    if (/^index\./.test(basename(path))) return [`${path} is named index`]
    return onlyReExports ? [`${path} only re-exports`] : []
  })

const names: Check = ({ emptyNames }, _sources, paths) =>
  paths.flatMap((path) =>
    path.split('/').flatMap((segment) => {
      const stem = segment.split('.')[0]!
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) return [`${path} is not in kebab-case`]
      return stem.split('-').some((word) => emptyNames.includes(word))
        ? [`${path} has a name that says nothing`]
        : []
    }),
  )

const pure: Check = (house, sources) =>
  [...sources].flatMap(([path, facts]) =>
    house.pure.includes(roomOf(path))
      ? facts.clockOrChance.map(({ what, line }) => `${path}:${line} uses ${what}`)
      : [],
  )

const extensions: Check = (_house, sources) =>
  eachImport(sources, (_path, { specifier }) =>
    isRelative(specifier) && !/\.(ts|mjs|json)$/.test(specifier)
      ? `imports ${specifier} without .ts`
      : undefined,
  )

const CHECKS: Readonly<Record<Rule, Check>> = {
  rooms,
  packages,
  environment,
  cycles,
  barrels,
  names,
  pure,
  extensions,
}
