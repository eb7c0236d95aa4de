/** Numbers of a slot: two halves of the id’s hash, and its line; a line of nought is a free slot. */
const IN_SLOT = 3

/**
 * Where each id stood first, in some 24 bytes an id: ids themselves would take a hundred. Two ids count as one when
 * all 64 bits of their hashes agree: among a million once in thirty million files.
 */
export function makeSeenIds(slots = 1 << 16) {
  let size = slots
  let table = new Uint32Array(size * IN_SLOT)
  let count = 0

  /** Where an id is, or would be. */
  const slotOf = (of: Uint32Array, slots: number, low: number, high: number): number => {
    for (let slot = low & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = slot * IN_SLOT
      if (of[at + 2] === 0 || (of[at] === low && of[at + 1] === high)) return at
    }
  }

  const grow = () => {
    const wider = new Uint32Array(size * 2 * IN_SLOT)
    for (let at = 0; at < table.length; at += IN_SLOT) {
      if (table[at + 2] === 0) continue
      wider.set(table.subarray(at, at + IN_SLOT), slotOf(wider, size * 2, table[at]!, table[at + 1]!))
    }
    table = wider
    size *= 2
  }

  return {
    /** The line where this id stood before. */
    lineOf(id: string): number | undefined {
      const { low, high } = hashOf(id)
      return table[slotOf(table, size, low, high) + 2] || undefined
    },
    /** @param line - from 1 */
    add(id: string, line: number): void {
      const { low, high } = hashOf(id)
      table.set([low, high, line], slotOf(table, size, low, high))
      if (++count * 2 > size) grow()
    },
  }
}

/** Two hashes of 32 bits that know nothing of each other but their end (Bryc’s cyrb64). */
function hashOf(text: string): { readonly low: number; readonly high: number } {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 2654435761)
    b = Math.imul(b ^ unit, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return { low: a >>> 0, high: b >>> 0 }
}
