import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type * as z from 'zod'
import { sha256Hex } from '../domain/canonical-json.ts'
import { EmmaError, type Fault, failure } from '../domain/errors.ts'
import { type Golden, goldenSchema, type ModelManifest, modelManifestSchema } from '../domain/model.ts'

/** A model folder as read: checked for form and checksum, not yet run. */
export interface ModelFolder {
  readonly folder: string
  readonly manifest: ModelManifest
  readonly golden: Golden
  readonly onnx: Uint8Array
}

/**
 * The newest version of a model: `models/<id>/<version>/`, versions compared as numbers where they are numbers.
 * @throws EmmaError `model_invalid` when there is none.
 */
export async function findModelFolder(models: string, id: string): Promise<string> {
  let versions: string[] = []
  try {
    const entries = await readdir(join(models, id), { withFileTypes: true })
    versions = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  } catch (error) {
    throw failure(
      'model_invalid',
      join(models, id),
      'there is no such model folder',
      'put the model there as <version>/model.onnx with its manifest.json, or set MODELS to the folder that holds it',
      error,
    )
  }
  const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
  if (newest !== undefined) return join(models, id, newest)
  throw failure(
    'model_invalid',
    join(models, id),
    'the model has no version folder',
    'put model.onnx, manifest.json and golden.json into a folder such as 1/',
  )
}

/** @throws EmmaError `model_invalid`: a missing file, a manifest or golden file of the wrong form, a wrong checksum. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const manifest = await readJson(join(folder, 'manifest.json'), modelManifestSchema)
  const golden = await readJson(join(folder, 'golden.json'), goldenSchema)
  const path = join(folder, manifest.file.name)
  const onnx = await readBytes(path)
  const checksum = sha256Hex(onnx)
  if (checksum !== manifest.file.sha256) {
    throw failure(
      'model_invalid',
      path,
      `its SHA-256 is ${checksum.slice(0, 12)}…, the manifest says ${manifest.file.sha256.slice(0, 12)}…`,
      'copy the whole folder again, or write the manifest of this file',
    )
  }
  const faults = goldenFaults(golden, manifest).map((what) => ({
    place: join(folder, 'golden.json'),
    what,
    remedy: 'export golden rows with the manifest’s inputs, in their order',
  }))
  if (faults.length > 0) throw new EmmaError('model_invalid', faults)
  return { folder, manifest, golden, onnx }
}

/** Widths and lengths of the golden rows must be those of the inputs. */
function goldenFaults(golden: Golden, { inputs }: ModelManifest): string[] {
  const faults: string[] = []
  if (golden.customer.length !== inputs.customer.length) {
    faults.push(
      `the customer row has ${golden.customer.length} numbers, the manifest names ${inputs.customer.length} inputs`,
    )
  }
  for (const part of ['action', 'pair'] as const) {
    const wrong = golden[part].findIndex((row) => row.length !== inputs[part].length)
    if (wrong >= 0) {
      faults.push(
        `${part} row ${wrong} has ${golden[part][wrong]!.length} numbers, the manifest names ${inputs[part].length} inputs`,
      )
    }
    if (golden[part].length !== golden.expected.length) {
      faults.push(
        `there are ${golden[part].length} ${part} rows and ${golden.expected.length} expected answers`,
      )
    }
  }
  return faults
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw failure(
      'model_invalid',
      path,
      `the file cannot be read (${code})`,
      'put the whole model folder in place',
      error,
    )
  }
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
  const text = new TextDecoder().decode(await readBytes(path))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw failure(
      'model_invalid',
      path,
      'this is not valid JSON',
      'write the file again with the training script',
      error,
    )
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(
    (issue): Fault => ({
      place: `${path} (${issue.path.map(String).join('.') || 'whole file'})`,
      what: issue.message,
      remedy: 'correct the file, or write it again with the training script',
    }),
  )
  throw new EmmaError('model_invalid', faults)
}
