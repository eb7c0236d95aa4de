/** The texts of all fenced blocks of a language in a Markdown text, without the fences. */
export function fencedBlocks(markdown: string, language: string): string[] {
  const blocks = markdown.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)
  return [...blocks].flatMap(([, of, text]) => (of === language ? [text!] : []))
}

/** Every line of such blocks but comments (`// …`) and empty ones. */
export function fencedLines(markdown: string, language: string): string[] {
  return fencedBlocks(markdown, language)
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '' && !line.startsWith('//'))
}

/** `rule  # what becomes of it` as a pair. */
export function splitAtRemark(line: string): readonly [rule: string, remark: string] {
  const at = line.lastIndexOf('  # ')
  if (at < 0) throw new Error(`no remark: ${line}`)
  return [line.slice(0, at), line.slice(at + 4)]
}
