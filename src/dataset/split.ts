import { sha256Hex } from '../domain/canonical-json.ts'
import type { DatasetSpec } from './spec.ts'

/** As written to `split.u8`. */
export const SPLIT = { train: 0, dev: 1, heldOut: 2 } as const

/** Which part a customer belongs to: by a hash of the id, so it is the same for ever and in every file. */
export function splitOf(customerId: string, split: DatasetSpec['split']): number {
  const bucket = Number.parseInt(sha256Hex(split.salt + customerId).slice(0, 8), 16) % 100
  if (bucket >= split.heldOut[0] && bucket <= split.heldOut[1]) return SPLIT.heldOut
  if (bucket >= split.dev[0] && bucket <= split.dev[1]) return SPLIT.dev
  return SPLIT.train
}
