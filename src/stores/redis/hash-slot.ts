/** Redis Cluster has this many slots; each key is in one of them. */
export const SLOTS = 16_384

/** CRC-16/XMODEM, as the cluster specification asks for. */
const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc
})

/** The slot of a key: that of what stands between its first `{` and the next `}`, when that is not empty. */
export function hashSlot(key: string): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  const hashed = close > open + 1 ? key.slice(open + 1, close) : key
  let crc = 0
  for (let at = 0; at < hashed.length; at += 1) {
    const unit = hashed.charCodeAt(at)
    if (unit > 127) return slotOfBytes(Buffer.from(hashed))
    crc = ((crc << 8) & 0xffff) ^ CRC_TABLE[(crc >> 8) ^ unit]!
  }
  return crc % SLOTS
}

function slotOfBytes(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ CRC_TABLE[(crc >> 8) ^ byte]!
  return crc % SLOTS
}
