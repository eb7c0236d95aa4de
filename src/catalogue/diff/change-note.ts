import type { Change } from './change.ts'
import { type Section, sectionsNamed } from './sections.ts'

const KINDS = [
  ['added', 'new'],
  ['removed', 'gone'],
  ['changed', 'changed'],
] as const

/** Changes for a terminal: how many, then a heading for each section with its sentences. Ends without a line break. */
export function printChangeNote(changes: readonly Change[]): string {
  if (changes.length === 0) return 'no changes'
  const sections = sectionsNamed(changes.map(({ section }) => section)).map((section) => ({
    section,
    changes: changes.filter((change) => change.section === section.name),
  }))
  const counts = sections.map((part) => countOf(part.section, part.changes)).join('; ')
  const parts = sections.map((part) => {
    const lines = part.changes.map(({ sentence }) => `  ${sentence}`)
    return [capital(part.section.nouns), ...lines].join('\n')
  })
  return [`${changes.length} ${changes.length === 1 ? 'change' : 'changes'}: ${counts}`, ...parts].join(
    '\n\n',
  )
}

/** `1 action new, 2 changed`: things, however much changed in each. */
function countOf({ noun, nouns }: Section, changes: readonly Change[]): string {
  const counts = KINDS.flatMap(([kind, word]) => {
    const ids = new Set(changes.filter((change) => change.kind === kind).map(({ id }) => id))
    const things = ids.size - (ids.has(null) ? 1 : 0)
    return things > 0 ? [{ things, word }] : []
  })
  if (counts.length === 0) return `${nouns} changed`
  return counts
    .map(({ things, word }, i) =>
      i > 0 ? `${things} ${word}` : `${things} ${things === 1 ? noun : nouns} ${word}`,
    )
    .join(', ')
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
