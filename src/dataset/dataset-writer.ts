import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelRows } from '../decide/model-rows.ts'

/** Bytes gathered before they are written. */
const PIECE = 1 << 20

/** One growing file of little-endian numbers. */
interface ArrayFile {
  readonly handle: FileHandle
  buffer: Buffer
  used: number
}

const FILES = ['rows.f32', 'labels.u8', 'customer.u32', 'action.u16', 'asof.u8', 'split.u8'] as const

/** The rows of one customer and one moment. */
export interface CustomerRows {
  readonly inputs: ModelRows
  /** By row: position of the action in `actions.txt`, and whether the target happened. */
  readonly actions: ArrayLike<number>
  readonly labels: ArrayLike<number>
  /** Line of `customers.txt`, 0-based. */
  readonly customer: number
  readonly asOf: number
  readonly split: number
}

export interface DatasetWriter {
  /** Rows so far, and how many have label 1. */
  readonly rows: number
  readonly positives: number
  write(rows: CustomerRows): Promise<void>
  close(): Promise<void>
}

/** Opens the raw files of a data set in `folder`; see `emma dataset export --help` for their shapes. */
export async function openDatasetWriter(folder: string): Promise<DatasetWriter> {
  const files = {} as Record<(typeof FILES)[number], ArrayFile>
  for (const name of FILES) {
    files[name] = { handle: await open(join(folder, name), 'w'), buffer: Buffer.allocUnsafe(PIECE), used: 0 }
  }
  let rows = 0
  let positives = 0
  return {
    get rows() {
      return rows
    },
    get positives() {
      return positives
    },
    async write({ inputs, actions, labels, customer, asOf, split }) {
      const { count } = inputs
      if (count === 0) return
      const widths = [inputs.action.length / count, inputs.pair.length / count] as const
      const floats = room(files['rows.f32'], count * 4 * (inputs.customer.length + widths[0] + widths[1]))
      const ids = room(files['customer.u32'], count * 4)
      const positions = room(files['action.u16'], count * 2)
      const marks = [
        room(files['labels.u8'], count),
        room(files['asof.u8'], count),
        room(files['split.u8'], count),
      ] as const
      let at = 0
      const put = (values: Float32Array, from: number, width: number) => {
        for (let j = 0; j < width; j++) at = floats.writeFloatLE(values[from + j]!, at)
      }
      for (let row = 0; row < count; row++) {
        put(inputs.customer, 0, inputs.customer.length)
        put(inputs.action, row * widths[0], widths[0])
        put(inputs.pair, row * widths[1], widths[1])
        ids.writeUInt32LE(customer, row * 4)
        positions.writeUInt16LE(actions[row]!, row * 2)
        marks[0][row] = labels[row]!
        marks[1][row] = asOf
        marks[2][row] = split
        positives += labels[row]!
      }
      rows += count
      for (const name of FILES) if (files[name].used > PIECE) await flush(files[name])
    },
    async close() {
      for (const name of FILES) {
        await flush(files[name])
        await files[name].handle.close()
      }
    },
  }
}

/** The next `bytes` of the file as a view to fill; the buffer grows where one customer's rows need more. */
function room(file: ArrayFile, bytes: number): Buffer {
  if (file.used + bytes > file.buffer.length) {
    const larger = Buffer.allocUnsafe(Math.max(file.buffer.length * 2, file.used + bytes))
    file.buffer.copy(larger, 0, 0, file.used)
    file.buffer = larger
  }
  const view = file.buffer.subarray(file.used, file.used + bytes)
  file.used += bytes
  return view
}

async function flush(file: ArrayFile): Promise<void> {
  let written = 0
  while (written < file.used) {
    const { bytesWritten } = await file.handle.write(file.buffer, written, file.used - written)
    written += bytesWritten
  }
  file.used = 0
}
