import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What every bench leaves in `bench/results/<name>.json`; this page is made of nothing else. */
export interface BenchResult {
  readonly title: string
  readonly question: string
  /** The exact command, as typed in the project’s folder. */
  readonly command: string
  readonly machine: Machine
  /** RFC 3339. */
  readonly ranAt: string
  readonly tables: readonly Table[]
  /** Paths beside the page, each with what it shows. */
  readonly plots?: readonly { readonly path: string; readonly shows: string }[]
  /** Paragraphs below the tables. */
  readonly text: readonly string[]
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  readonly os: string
}

export interface Table {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

const BENCH = dirname(dirname(fileURLToPath(import.meta.url)))
const RESULTS = join(BENCH, 'results')
const PAGE = join(BENCH, 'RESULTS.md')

export function thisMachine(): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    node: process.version,
    os: distribution(),
  }
}

function distribution(): string {
  const file = '/etc/os-release'
  const name = existsSync(file)
    ? /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync(file, 'utf8'))?.[1]
    : undefined
  return name ?? `${process.platform} ${execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim()}`
}

/** Writes one result and makes the page anew. */
export function saveResult(name: string, result: BenchResult): void {
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
  writeResultsPage()
}

/** Turns all of `bench/results/*.json` into `bench/RESULTS.md`, in the order of their names. */
export function writeResultsPage(): void {
  const names = existsSync(RESULTS) ? readdirSync(RESULTS).filter((name) => name.endsWith('.json')) : []
  const results = names.sort().map((name) => readResult(join(RESULTS, name)))
  writeFileSync(PAGE, pageOf(results))
}

function readResult(path: string): BenchResult {
  return JSON.parse(readFileSync(path, 'utf8')) as BenchResult
}

/** The page as Markdown. */
export function pageOf(results: readonly BenchResult[]): string {
  const head = [
    '# Results',
    'Written by `node --import tsx bench/measuring/results-page.ts` from `bench/results/*.json`; change nothing here by hand.',
    'Every figure is from the machine and the day named beside it. Only figures of one table may be compared.',
  ]
  return `${[...head, ...results.flatMap(sectionOf)].join('\n\n')}\n`
}

function sectionOf(result: BenchResult): string[] {
  const { cpu, cores, node, os } = result.machine
  return [
    `## ${result.title}`,
    result.question,
    `\`\`\`sh\n${result.command}\n\`\`\``,
    `${result.ranAt.slice(0, 10)}, ${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${os}, Node ${node}`,
    ...result.tables.flatMap((table) => [`**${table.caption}**`, tableOf(table)]),
    ...(result.plots ?? []).map(({ path, shows }) => `![${shows}](${path})`),
    ...result.text,
  ]
}

function tableOf({ columns, rows }: Table): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(cellOf).join(' | ')} |`
  const align = columns.map((_, i) => (i === 0 ? '---' : '---:'))
  return [line(columns), `|${align.join('|')}|`, ...rows.map(line)].join('\n')
}

function cellOf(value: string | number): string {
  return String(value).replaceAll('|', '\\|')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeResultsPage()
