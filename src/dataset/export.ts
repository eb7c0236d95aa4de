import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { failure } from '../domain/errors.ts'
import { localTime } from '../domain/local-time.ts'
import { withDuck } from '../features/duck.ts'
import { findFeatureFolders } from '../features/feature-folder.ts'
import { readMapping } from '../features/mapping.ts'
import { unreadableLine } from '../features/read-report.ts'
import { readTransactions } from '../features/read-transactions.ts'
import { writeWholeFolder } from '../features/whole-folder.ts'
import { catalogueActions } from './catalogue-actions.ts'
import { type DatasetWriter, openDatasetWriter } from './dataset-writer.ts'
import { type FeatureDay, openFeatureDay } from './feature-day.ts'
import { asServed, featureVectors } from './feature-vectors.ts'
import { createNameIndex, type NameIndex } from './name-index.ts'
import { purchaseLabels, windowIsCovered } from './purchase-labels.ts'
import { type Response, readResponses } from './read-responses.ts'
import { type DatasetSpec, readDatasetSpec } from './spec.ts'
import { splitOf } from './split.ts'

export interface ExportOptions {
  readonly specFile: string
  readonly dataFolder: string
  /** Holds one feature folder a day. */
  readonly featuresFolder: string
  readonly outFolder: string
  readonly onProgress?: (line: string) => void
}

/** What was left out, and why; all counts of rows but `days`. */
interface Skipped {
  /** Days whose label window the transactions do not reach to the end of. */
  days: string[]
  unreadable: number
  beforeFirstFeatures: number
  unknownAction: number
}

/** `dataset.json`. */
export interface DatasetManifest {
  readonly format: 'emma-dataset/1'
  readonly rows: number
  readonly widths: { readonly customer: number; readonly action: number; readonly pair: number }
  readonly inputs: DatasetSpec['inputs']
  readonly asOf: readonly string[]
  readonly actions: readonly string[]
  readonly customers: number
  readonly customersFile: 'customers.txt'
  readonly spec: DatasetSpec
  readonly featureVersions: readonly string[]
  readonly baseRate: number
  readonly skipped: Skipped
}

interface Export {
  readonly duck: DuckDBConnection
  readonly spec: DatasetSpec
  readonly days: readonly FeatureDay[]
  readonly writer: DatasetWriter
  readonly customers: NameIndex
  readonly actions: NameIndex
  readonly skipped: Skipped
  readonly onProgress: (line: string) => void
}

/**
 * Writes training data whose inputs come from the code that serves: the same packed vectors, the same row plan.
 * @throws EmmaError of any of the files it reads; the folder appears whole or not at all.
 */
export async function exportDataset(options: ExportOptions): Promise<DatasetManifest> {
  const { featuresFolder, onProgress = () => {} } = options
  const { spec, mappingFile, catalogueFile } = await readDatasetSpec(options.specFile)
  const known = catalogueFile === undefined ? spec.actions.dimension! : await catalogueActions(catalogueFile)
  const days: FeatureDay[] = []
  for (const { asOf, folder } of await findFeatureFolders(featuresFolder)) {
    days.push(await openFeatureDay(asOf, folder, known, spec.inputs))
  }
  const actions = createNameIndex()
  for (const day of days) for (const action of day.actions) actions.indexOf(action.id)

  return withDuck((duck) =>
    writeWholeFolder(resolve(options.outFolder), async (folder) => {
      const writer = await openDatasetWriter(folder)
      const customers = createNameIndex()
      const skipped: Skipped = { days: [], unreadable: 0, beforeFirstFeatures: 0, unknownAction: 0 }
      const run: Export = { duck, spec, days, writer, customers, actions, skipped, onProgress }
      try {
        if (spec.label.purchaseWithin !== undefined) {
          await exportPurchases(run, mappingFile, options.dataFolder)
        } else await exportResponses(run, options.dataFolder)
      } finally {
        await writer.close()
      }
      if (writer.rows === 0) {
        throw failure(
          'data_invalid',
          options.specFile,
          'not one row of training data came out',
          'build features of earlier days, or bring data that reach further',
        )
      }
      const manifest: DatasetManifest = {
        format: 'emma-dataset/1',
        rows: writer.rows,
        widths: days[0]!.plan.widths,
        inputs: spec.inputs,
        asOf: days.map((day) => day.asOf),
        actions: actions.names,
        customers: customers.names.length,
        customersFile: 'customers.txt',
        spec,
        featureVersions: days.map((day) => day.set.manifest.version),
        baseRate: writer.positives / writer.rows,
        skipped,
      }
      await writeFile(join(folder, 'customers.txt'), customers.names.map((id) => `${id}\n`).join(''))
      await writeFile(join(folder, 'actions.txt'), actions.names.map((id) => `${id}\n`).join(''))
      await writeFile(join(folder, 'dataset.json'), `${JSON.stringify(manifest, null, 2)}\n`)
      return manifest
    }),
  )
}

/** Every customer with a purchase before the day × every action: 1 when it was bought within the window. */
async function exportPurchases(run: Export, mappingFile: string, dataFolder: string): Promise<void> {
  const { duck, spec, days, writer, customers, actions, skipped, onProgress } = run
  const mapping = await readMapping(mappingFile)
  const dimension = mapping.dimensions.find((each) => each.name === spec.actions.dimension)
  if (dimension === undefined) {
    throw failure(
      'mapping_invalid',
      'actions.dimension',
      `the mapping has no dimension "${spec.actions.dimension}"`,
      `use one of: ${mapping.dimensions.map((each) => each.name).join(', ')}`,
    )
  }
  const report = await readTransactions(duck, mapping, dataFolder)
  for (const entry of report.unreadable) onProgress(unreadableLine(entry))
  skipped.unreadable = report.unreadable.reduce((sum, entry) => sum + entry.count, 0)
  const windowDays = Number.parseInt(spec.label.purchaseWithin!, 10)
  // The spec's schema refuses inputs of hour and weekday here, so what stands for them is never read.
  const context = { channel: spec.context?.channel ?? '', hour: 0, weekday: 0, fields: {} }
  for (const [index, day] of days.entries()) {
    if (!(await windowIsCovered(duck, day.asOf, windowDays))) {
      skipped.days.push(day.asOf)
      onProgress(`left out ${day.asOf}: the transactions end before ${windowDays} days are over`)
      continue
    }
    const start = performance.now()
    const before = writer.rows
    const { buyers, bought } = await purchaseLabels(duck, day.asOf, windowDays, dimension.column)
    const positions = day.actions.map((_, i) => i)
    const written = day.actions.map((action) => actions.indexOf(action.id))
    const values = day.actions.map((action) => String(action.attributes[dimension.name] ?? ''))
    for await (const { customerId, vector } of featureVectors(duck, day.folder, day.set)) {
      if (!buyers.has(customerId)) continue
      const own = bought.get(customerId)
      await writer.write({
        inputs: day.plan.rows(vector, context, positions),
        actions: written,
        labels: values.map((value) => (own?.has(value) ? 1 : 0)),
        customer: customers.indexOf(customerId),
        asOf: index,
        split: splitOf(customerId, spec.split),
      })
    }
    tellDay(run, day, writer.rows - before, start)
  }
}

/** One row a response, with what was known on the newest day before it. */
async function exportResponses(run: Export, dataFolder: string): Promise<void> {
  const { duck, spec, days, writer, customers, actions, skipped, onProgress } = run
  const { responses, unreadable } = await readResponses(duck, spec.label.responses!, dataFolder)
  for (const entry of unreadable) onProgress(unreadableLine(entry))
  skipped.unreadable = unreadable.reduce((sum, entry) => sum + entry.count, 0)
  const timeZone = spec.timeZone ?? 'UTC'
  const starts = days.map((day) => Date.parse(day.asOf))
  const byDay: Response[][] = days.map(() => [])
  for (const response of responses) {
    const index = starts.findLastIndex((start) => start <= response.at)
    if (index < 0) skipped.beforeFirstFeatures++
    else byDay[index]!.push(response)
  }
  for (const [index, day] of days.entries()) {
    const start = performance.now()
    const before = writer.rows
    const wanted = new Set(byDay[index]!.map((response) => response.customerId))
    const vectors = new Map<string, Float32Array>()
    for await (const { customerId, vector } of featureVectors(duck, day.folder, day.set)) {
      if (wanted.has(customerId)) vectors.set(customerId, vector)
    }
    // Serving takes a customer without features for the default one, so training does too.
    const unknown = asServed(day.set, day.set.defaults)
    const positionOf = new Map(day.actions.map((action, position) => [action.id, position]))
    for (const { customerId, actionId, channel, at, converted } of byDay[index]!) {
      const position = positionOf.get(actionId)
      if (position === undefined) {
        skipped.unknownAction++
        continue
      }
      const { hour, weekday } = localTime(at, timeZone)
      await writer.write({
        inputs: day.plan.rows(vectors.get(customerId) ?? unknown, { channel, hour, weekday, fields: {} }, [
          position,
        ]),
        actions: [actions.indexOf(actionId)],
        labels: [converted],
        customer: customers.indexOf(customerId),
        asOf: index,
        split: splitOf(customerId, spec.split),
      })
    }
    tellDay(run, day, writer.rows - before, start)
  }
}

function tellDay({ onProgress }: Export, day: FeatureDay, rows: number, start: number): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  onProgress(`rows as of ${day.asOf}: ${rows.toLocaleString('en')} rows, ${seconds} s`)
}
