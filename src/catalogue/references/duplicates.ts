import type { Reading } from '../reading.ts'
import type { Path } from '../set-aside.ts'
import { isMap } from './names.ts'

const LISTS = {
  placements: 'placement',
  groups: 'group',
  actions: 'action',
  blocks: 'block',
  contactPolicies: 'contact policy',
  volumes: 'volume',
} as const

/** Tells every second thing of an id, in all lists of the document, also among what is at fault otherwise. */
export function checkDuplicates({ written, tellWritten }: Reading): void {
  for (const [section, what] of Object.entries(LISTS)) {
    const list = written[section]
    if (Array.isArray(list)) tellDuplicates(list, [section], what, tellWritten)
  }
}

export function tellDuplicates(
  list: readonly unknown[],
  base: Path,
  what: string,
  tell: Reading['tell'],
): void {
  const seen = new Set<string>()
  list.forEach((item, i) => {
    const id = isMap(item) ? item.id : undefined
    if (typeof id !== 'string') return
    if (seen.has(id)) tell([...base, i, 'id'], `a second ${what} is called "${id}"`, 'give each its own id')
    seen.add(id)
  })
}
