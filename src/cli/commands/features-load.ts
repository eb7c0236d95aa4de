import { type Command, InvalidArgumentError } from 'commander'
import { openStore } from '../../compose.ts'
import { loadSettings } from '../../config/load.ts'
import { failure } from '../../domain/errors.ts'
import { readFeatureManifest } from '../../features/feature-folder.ts'
import { loadFeatures } from '../../features/load.ts'
import type { CustomerStore } from '../../ports/customer-store.ts'
import { group } from '../group.ts'
import { counted, progressLine, timeLeft } from '../progress-line.ts'

interface Options {
  readonly settings?: string
  readonly replace?: true
  readonly showRefused: number
}

export function registerFeaturesLoad(program: Command): void {
  group(program, 'features', 'build and load feature sets')
    .command('load')
    .argument('<folder>', 'folder with manifest.json and its data, as emma features build writes it')
    .description('load a feature set into the store beside the one in use, then switch')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .option('--replace', 'load it although the store holds a feature set of another name')
    .option('--show-refused <n>', 'how many refused rows to tell', wholeNumber, 10)
    .addHelpText(
      'after',
      '\nThe store is STORE_URL (embedded:./.emma by default). Running it again is harmless; a run that was ended goes on where it was.\nExit code 3: loaded, but some rows were refused.',
    )
    .action(load)
}

async function load(folder: string, options: Options): Promise<void> {
  const store = await openStore(loadSettings(options.settings))
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const line = progressLine(process.stderr)
  try {
    if (options.replace !== true) await refuseOtherName(folder, store)
    let told = false
    const report = await loadFeatures(folder, store.loader, ({ read, refused, expected, skipped }) => {
      if (skipped > 0 && !told)
        console.error(
          `${counted(skipped)} rows are in already from a run that was ended: going on from there`,
        )
      told = true
      const rate = read / seconds()
      const left = Math.max(0, expected - read) / rate
      line.show(
        read / Math.max(expected, read),
        `${counted(read)} rows, ${counted(Math.round(rate))} rows/s, ${timeLeft(left)}, ${refused} refused`,
      )
    })
    line.end()
    const shown = report.refusals.slice(0, options.showRefused)
    for (const { line: at, reason } of shown)
      console.error(`  refused ${report.manifest.data}:${at}: ${reason}`)
    if (report.refused > shown.length)
      console.error(`  … and ${report.refused - shown.length} more (--show-refused tells more)`)
    console.log(
      `feature set ${report.manifest.name} ${report.manifest.version} (as of ${report.manifest.asOf}) is in use: ` +
        `${counted(report.loaded)} customers loaded, ${report.refused} rows refused, ${seconds().toFixed(1)} s, ` +
        `${counted(Math.round(report.read / seconds()))} rows/s`,
    )
    if (report.refused > 0) process.exitCode = 3
  } finally {
    line.end()
    await store.close()
  }
}

/** A set of another name is most likely meant for another store: it would leave the model of this one unfed. */
async function refuseOtherName(folder: string, store: CustomerStore): Promise<void> {
  const inUse = (await store.featureSet())?.manifest.name
  const { name } = await readFeatureManifest(folder)
  if (inUse === undefined || inUse === name) return
  throw failure(
    'data_invalid',
    folder,
    `this is feature set ${name}, and the store holds ${inUse}`,
    'name another store in STORE_URL, or add --replace to take its place',
  )
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
