import { crc32 } from 'node:zlib'

const FORMAT_BYTES = 1
const CHECKSUM_BYTES = 4
const HEAD_BYTES = FORMAT_BYTES + CHECKSUM_BYTES

/** A record as bytes: its format, the CRC-32 of everything else, its parts. */
export function seal(format: number, parts: readonly Uint8Array[]): Buffer {
  const sealed = Buffer.concat([Buffer.alloc(HEAD_BYTES), ...parts])
  sealed.writeUInt8(format)
  sealed.writeUInt32BE(checksum(sealed), FORMAT_BYTES)
  return sealed
}

/** What was sealed. @throws Error for bytes of another format, cut short or changed */
export function unseal(format: number, bytes: Uint8Array): Buffer {
  const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (sealed[0] !== format) throw new Error(`format ${sealed[0]} is not known to this version`)
  if (sealed.length < HEAD_BYTES || sealed.readUInt32BE(FORMAT_BYTES) !== checksum(sealed))
    throw new Error('the checksum does not fit')
  return sealed.subarray(HEAD_BYTES)
}

/** Of the format and what follows the checksum. */
function checksum(sealed: Buffer): number {
  return crc32(sealed.subarray(HEAD_BYTES), sealed[0])
}
