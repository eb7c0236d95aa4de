import { join } from 'node:path'
import { failure } from '../domain/errors.ts'
import { compileFeatureSet, type FeatureManifest } from '../domain/feature-set.ts'
import type { FeatureLoader, FeatureRow } from '../ports/customer-store.ts'
import { readFeatureManifest } from './feature-folder.ts'
import { checkColumns, columnsOf, makeRowCheck, type Refusal } from './feature-row.ts'
import { readTable } from './read-table.ts'
import { makeSeenIds } from './seen-ids.ts'
import { makeWritesInFlight } from './writes-in-flight.ts'

export interface LoadProgress {
  readonly read: number
  readonly loaded: number
  readonly refused: number
  /** Rows the manifest promises. */
  readonly expected: number
  /** Rows that an earlier run brought in before it was ended: they are read and checked, and not written again. */
  readonly skipped: number
}

export interface LoadReport extends LoadProgress {
  readonly manifest: FeatureManifest
  /** The first refusals, at most {@link KEPT_REFUSALS}. */
  readonly refusals: readonly Refusal[]
}

/** So many that a master of Redis gets several for each of its buckets at once. */
const BATCH = 8000
/** Batches that are written while the next one is read. */
const IN_FLIGHT = 2
const TOLD_EVERY = 1000
/** Rows between two notes of how far it has come: a run that is ended does at most so many again. */
const NOTED_EVERY = 20_000
const KEPT_REFUSALS = 100

/**
 * Brings a feature folder into a store: every row checked and packed beside the set in use, then the switch.
 * Refused rows are counted and told; the switch happens all the same, unless no row was good.
 * A run that was ended goes on where it was. Running it again with the same folder changes nothing.
 * @throws EmmaError `data_invalid` for a folder that is not a feature set, or a file that has not its columns.
 */
export async function loadFeatures(
  folder: string,
  loader: FeatureLoader,
  onProgress: (progress: LoadProgress) => void,
  onRefusal: (refusal: Refusal) => void = () => {},
): Promise<LoadReport> {
  const manifest = await readFeatureManifest(folder)
  const set = compileFeatureSet(manifest)
  const file = join(folder, manifest.data)
  const check = makeRowCheck(set, makeSeenIds())
  const refusals: Refusal[] = []
  const skipped = await loader.loadedRows(manifest)
  let noted = skipped
  const writes = makeWritesInFlight(IN_FLIGHT, async (reached) => {
    if (reached - noted < NOTED_EVERY) return
    noted = reached
    await loader.noteLoaded(manifest, reached)
  })
  let batch: FeatureRow[] = []
  const counts = { read: 0, loaded: 0, refused: 0, expected: manifest.rows, skipped }
  if (skipped > 0) onProgress({ ...counts })
  const put = async () => {
    const rows = batch
    batch = []
    await writes.add(() => loader.put(manifest, rows), counts.read)
  }

  try {
    for await (const rows of readTable(file, columnsOf(set))) {
      for (const row of rows) {
        if (counts.read === 0) checkColumns(row, file)
        const checked = check(row)
        counts.read++
        if ('reason' in checked) {
          counts.refused++
          if (refusals.length < KEPT_REFUSALS) refusals.push(checked)
          onRefusal(checked)
        } else {
          if (counts.read > skipped) batch.push(checked)
          counts.loaded++
        }
        if (batch.length >= BATCH) await put()
        if (counts.read % TOLD_EVERY === 0) onProgress({ ...counts })
      }
    }
    if (batch.length > 0) await put()
    await writes.all()
  } finally {
    await writes.settled()
  }
  if (counts.loaded === 0) throw nothingLoaded(file, refusals[0])
  await loader.activate(manifest)
  onProgress({ ...counts })
  return { ...counts, manifest, refusals }
}

function nothingLoaded(file: string, first: Refusal | undefined) {
  return failure(
    'data_invalid',
    first === undefined ? file : `${file}:${first.line}`,
    first === undefined ? 'the file has no rows' : `no row could be loaded: ${first.reason}`,
    'the set in use was kept; correct the file and load it again',
  )
}
