/** Room that a text gets at least, however narrow the terminal. */
const LEAST = 40

/** A text behind a head, broken between words at `width` columns, its further lines indented as far as the first. */
export function hanging(head: string, text: string, width: number): string[] {
  const room = Math.max(width - head.length, LEAST)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  const indent = ' '.repeat(head.length)
  return lines.map((each, i) => `${i === 0 ? head : indent}${each}`)
}
