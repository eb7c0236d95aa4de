import { type Command, InvalidArgumentError } from 'commander'
import { buildCatalogue } from '../../catalogue/build.ts'
import { openStore } from '../../compose.ts'
import { loadSettings } from '../../config/load.ts'
import type { Catalogue } from '../../domain/catalogue.ts'
import { failure } from '../../domain/errors.ts'
import { attributeRows } from '../../loading/attribute-rows.ts'
import { openCheckpoint } from '../../loading/checkpoint.ts'
import { CONSENT_COLUMNS, consentRows } from '../../loading/consent-rows.ts'
import { CONTACT_COLUMNS, contactRows } from '../../loading/contact-rows.ts'
import { loadRows, type RowKind } from '../../loading/load-rows.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CustomerStore } from '../../ports/customer-store.ts'
import { stored } from '../../serving/stored-document.ts'
import { group } from '../group.ts'
import { counted, progressLine } from '../progress-line.ts'

interface Options {
  readonly settings?: string
  readonly showRefused: number
}

interface Kind {
  readonly name: string
  readonly description: string
  readonly columns: string
  rows(store: CustomerStore, catalogue: Catalogue, clock: Clock): RowKind<unknown>
}

const KINDS: readonly Kind[] = [
  {
    name: 'attributes',
    description: 'load attributes of customers',
    columns:
      'Columns: customer, and one for each attribute that the catalogue declares under types.customer.\nAn empty column leaves the attribute as it is.',
    rows: attributeRows,
  },
  {
    name: 'consents',
    description: 'load what people agreed to and refused',
    columns: `Columns: ${CONSENT_COLUMNS.join(', ')}.\nstate is granted or refused; customer, session or address says whose it is; at is when it was said.`,
    rows: consentRows,
  },
  {
    name: 'contacts',
    description: 'load contacts that other systems made, and what became of them',
    columns: `Columns: ${CONTACT_COLUMNS.join(', ')}.\nid, customer (or session) and channel are needed. A contact with several outcomes stands in several rows with one id.`,
    rows: contactRows,
  },
]

const ALL_KINDS = `
Times are RFC 3339 with zone, such as 2026-11-01T09:00:00Z. Empty columns may be left out.
The store is STORE_URL (embedded:./.emma by default); the catalogue it serves says what is known.
Running it again is harmless. A run that was ended goes on where it was: how far it came stands in <file>.emma-load.
Exit code 3: loaded, but some rows were refused.`

/** `emma load attributes|consents|contacts`: many customers at once, from a file. */
export function registerLoadRows(program: Command): void {
  for (const kind of KINDS) {
    group(program, 'load', 'load what is known of customers from files')
      .command(kind.name)
      .argument('<file>', '.parquet, .csv or .ndjson, also .gz')
      .description(kind.description)
      .option('--settings <file>', 'YAML file of settings; the environment wins over it')
      .option('--show-refused <n>', 'how many refused rows to tell', wholeNumber, 100)
      .addHelpText('after', `\n${kind.columns}${ALL_KINDS}`)
      .action((file: string, options: Options) => load(kind, file, options))
  }
}

async function load(kind: Kind, file: string, options: Options): Promise<void> {
  const settings = loadSettings(options.settings)
  const store = await openStore(settings)
  const line = progressLine(process.stderr)
  const started = performance.now()
  try {
    const catalogue = await servingCatalogue(store)
    const checkpoint = await checkpointOf(file, kind.name, settings.STORE_URL)
    let refused = 0
    let isFirst = true
    const report = await loadRows(
      file,
      kind.rows(store, catalogue, Date.now),
      checkpoint,
      (progress) => {
        const rate = (progress.read - progress.skipped) / ((performance.now() - started) / 1000)
        if (isFirst && progress.skipped > 0)
          console.error(
            `${counted(progress.skipped)} rows are in already from a run that was ended (${checkpoint.path}): going on from there`,
          )
        isFirst = false
        if (progress.read > progress.skipped)
          line.tell(
            `${counted(progress.read)} rows, ${counted(Math.round(rate))} rows/s, ${counted(progress.refused)} refused`,
          )
      },
      ({ line: at, reason }) => {
        if (refused++ < options.showRefused) console.error(`  refused ${file}:${at}: ${reason}`)
      },
    )
    line.end()
    if (refused > options.showRefused)
      console.error(`  … and ${counted(refused - options.showRefused)} more (--show-refused tells more)`)
    const seconds = (performance.now() - started) / 1000
    console.log(
      `${kind.name}: ${counted(report.changed)} rows loaded, ${counted(report.known)} said nothing new, ${counted(report.refused)} refused, ` +
        `${counted(report.skipped)} were in already, ${seconds.toFixed(1)} s, ${counted(Math.round((report.read - report.skipped) / seconds))} rows/s`,
    )
    if (report.refused > 0) process.exitCode = 3
  } finally {
    line.end()
    await store.close()
  }
}

async function checkpointOf(file: string, what: string, store: string) {
  try {
    return await openCheckpoint(file, what, store)
  } catch (error) {
    throw failure(
      'data_invalid',
      file,
      `the file cannot be read (${(error as NodeJS.ErrnoException).code})`,
      'check the path',
      error,
    )
  }
}

type Store = Awaited<ReturnType<typeof openStore>>

async function servingCatalogue({ catalogues }: Store): Promise<Catalogue> {
  const serves = await catalogues.newestPublication()
  const document = serves === null ? null : await catalogues.document(serves.version)
  if (serves !== null && document !== null) return buildCatalogue(stored(document, serves.version))
  throw failure(
    'not_ready',
    'store',
    'there is no catalogue in the store, and it says what can be loaded',
    'publish one first: emma catalogue publish <path>',
  )
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
