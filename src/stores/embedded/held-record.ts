import type { Hold } from '../../domain/hold.ts'
import { decodeHold, encodeHold } from '../hold-codec.ts'
import { damaged } from '../records.ts'
import { seal, unseal } from '../sealed.ts'

/** A hold with the revision that it was written in. */
export interface WrittenHold {
  readonly hold: Hold
  readonly revision: number
}

/** What is held against somebody; holds that ran out stay until they are swept. */
export interface HeldRecord {
  /** Grows with every write, and no later record of somebody has one that he had before. */
  readonly revision: number
  /** Epoch milliseconds of the newest moment that something was granted for. */
  readonly grantedAt: number
  readonly holds: readonly WrittenHold[]
}

export const NOTHING_HELD: HeldRecord = { revision: 0, grantedAt: 0, holds: [] }

const FORMAT = 1
const HEAD = /^(\d+) (\d+)$/

/** Sealed lines: revision and newest moment, then for each hold its revision and its text. */
export function encodeHeld({ revision, grantedAt, holds }: HeldRecord): Uint8Array {
  const lines = holds.map((written) => `${written.revision} ${encodeHold(written.hold)}`)
  return seal(FORMAT, [Buffer.from([`${revision} ${grantedAt}`, ...lines].join('\n'))])
}

/** @throws EmmaError `store_unavailable` for bytes that no such record was made into */
export function decodeHeld(bytes: Uint8Array | undefined): HeldRecord {
  if (bytes === undefined) return NOTHING_HELD
  try {
    const [head, ...lines] = unseal(FORMAT, bytes).toString().split('\n')
    const [, revision, grantedAt] = HEAD.exec(head!)!
    return { revision: Number(revision), grantedAt: Number(grantedAt), holds: lines.map(written) }
  } catch (error) {
    throw damaged('record of what is held', error)
  }
}

function written(line: string): WrittenHold {
  const space = line.indexOf(' ')
  return { revision: Number(line.slice(0, space)), hold: decodeHold(line.slice(space + 1)) }
}
