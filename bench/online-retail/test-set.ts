import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelInputs } from '../../src/domain/model.ts'

/** One cut-off day and one part of the customers: every customer × every action, row-major [B, N]. */
export interface Block {
  readonly asOf: string
  readonly customers: number
  readonly actions: number
  /** The actions of that day [N]: other days have other best sellers. */
  readonly actionIds: readonly string[]
  /** Customer inputs [B, Fc]. */
  readonly customer: Float32Array
  /** Action inputs [N, Fa]. */
  readonly action: Float32Array
  /** Pair inputs [B, N, Fp]. */
  readonly pair: Float32Array
  /** 1 where the customer bought in the window [B, N]. */
  readonly labels: Uint8Array
  /** The dataset’s row of each pair [B, N]. */
  readonly rows: Uint32Array
}

export interface DatasetAbout {
  readonly rows: number
  readonly widths: { readonly customer: number; readonly action: number; readonly pair: number }
  readonly inputs: ModelInputs
  readonly asOf: readonly string[]
  readonly actions: readonly string[]
}

export const SPLITS = { train: 0, dev: 1 } as const

/** A dataset folder (format emma-dataset/1, written by `emma dataset export`), read whole. */
export class RetailDataset {
  readonly about: DatasetAbout
  readonly #width: number
  readonly #values: Float32Array
  readonly #labels: Uint8Array
  readonly #customer: Uint32Array
  readonly #action: Uint16Array
  readonly #asOf: Uint8Array
  readonly #split: Uint8Array

  constructor(folder: string) {
    this.about = JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8'))
    const { customer, action, pair } = this.about.widths
    this.#width = customer + action + pair
    this.#values = new Float32Array(readAll(join(folder, 'rows.f32')))
    this.#labels = new Uint8Array(readAll(join(folder, 'labels.u8')))
    this.#customer = new Uint32Array(readAll(join(folder, 'customer.u32')))
    this.#action = new Uint16Array(readAll(join(folder, 'action.u16')))
    this.#asOf = new Uint8Array(readAll(join(folder, 'asof.u8')))
    this.#split = new Uint8Array(readAll(join(folder, 'split.u8')))
  }

  /** @throws Error when a customer lacks an action, or an action’s inputs differ between customers of one day. */
  block(asOf: string, split: number): Block {
    const day = this.about.asOf.indexOf(asOf)
    const { customer: fc, action: fa, pair: fp } = this.about.widths
    const places = new Map<number, number>()
    const positions = new Map<number, number>()
    const found: number[] = []
    for (let row = 0; row < this.about.rows; row++) {
      if (this.#asOf[row] !== day || this.#split[row] !== split) continue
      found.push(row)
      const [who, what] = [this.#customer[row]!, this.#action[row]!]
      if (!places.has(who)) places.set(who, places.size)
      if (!positions.has(what)) positions.set(what, positions.size)
    }
    const customers = places.size
    const actions = positions.size
    if (found.length !== customers * actions) throw new Error(`${asOf}: not every customer has every action`)
    const customer = new Float32Array(customers * fc)
    const action = new Float32Array(actions * fa).fill(Number.NaN)
    const pair = new Float32Array(customers * actions * fp)
    const labels = new Uint8Array(customers * actions)
    const rows = new Uint32Array(customers * actions)
    for (const row of found) {
      const b = places.get(this.#customer[row]!)!
      const n = positions.get(this.#action[row]!)!
      const from = row * this.#width
      const values = this.#values.subarray(from, from + this.#width)
      customer.set(values.subarray(0, fc), b * fc)
      for (let j = 0; j < fa; j++) {
        const value = values[fc + j]!
        const before = action[n * fa + j]!
        if (before !== value && !Number.isNaN(before))
          throw new Error(`${asOf}: action ${n} differs by customer`)
        action[n * fa + j] = value
      }
      pair.set(values.subarray(fc + fa), (b * actions + n) * fp)
      labels[b * actions + n] = this.#labels[row]!
      rows[b * actions + n] = row
    }
    const actionIds = Array.from(positions.keys(), (index) => this.about.actions[index]!)
    return { asOf, customers, actions, actionIds, customer, action, pair, labels, rows }
  }
}

/** A whole file as an ArrayBuffer; `readFileSync` would refuse more than 2 GiB. */
function readAll(path: string): ArrayBuffer {
  const size = statSync(path).size
  const bytes = new Uint8Array(size)
  const file = openSync(path, 'r')
  try {
    for (let at = 0; at < size; ) {
      const read = readSync(file, bytes, at, Math.min(size - at, 1 << 28), at)
      if (read === 0) throw new Error(`${path} ended early`)
      at += read
    }
  } finally {
    closeSync(file)
  }
  return bytes.buffer
}
