import { promisify } from 'node:util'
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib'
import { failure } from '../domain/errors.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const inflate = promisify(gunzip)
const deflate = promisify(gzip)

/** How a stored record is understood: its name for people, and the check that makes a value of its JSON. */
export interface RecordKind<Value> {
  readonly what: string
  readonly parse: (json: unknown) => Value
}

export function toBytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

/** @throws EmmaError `store_unavailable` for bytes that are no such record */
export function fromBytes<Value>({ what, parse }: RecordKind<Value>, bytes: Uint8Array): Value {
  try {
    return parse(JSON.parse(utf8.decode(bytes)))
  } catch (error) {
    throw damaged(what, error)
  }
}

/** Large records are gzipped JSON; its checksum shows damage that would still be JSON. */
export async function pack(value: unknown): Promise<Uint8Array> {
  return deflate(toBytes(value))
}

export function packNow(value: unknown): Uint8Array {
  return gzipSync(toBytes(value))
}

/** @throws EmmaError, see {@link fromBytes} */
export async function unpack<Value>(kind: RecordKind<Value>, bytes: Uint8Array): Promise<Value> {
  try {
    return fromBytes(kind, await inflate(bytes))
  } catch (error) {
    throw damaged(kind.what, error)
  }
}

/** @throws EmmaError, see {@link fromBytes} */
export function unpackNow<Value>(kind: RecordKind<Value>, bytes: Uint8Array): Value {
  try {
    return fromBytes(kind, gunzipSync(bytes))
  } catch (error) {
    throw damaged(kind.what, error)
  }
}

/** For a record that is damaged, or missing although another names it. */
export function damaged(what: string, cause?: unknown) {
  return failure(
    'store_unavailable',
    'store',
    `the ${what} is missing or damaged`,
    'restore the store from a backup',
    cause,
  )
}
