const WIDTH = 30
const EVERY_MS = 100

/** A bar that redraws itself on a terminal, and a line every 5 seconds where there is none. */
export function progressLine(out: NodeJS.WriteStream) {
  let last = out.isTTY ? Number.NEGATIVE_INFINITY : performance.now()
  let drawn = false
  const write = (text: string) => {
    const now = performance.now()
    if (now - last < (out.isTTY ? EVERY_MS : 5_000)) return
    last = now
    out.write(out.isTTY ? `\r\u001b[K${text}` : `${text}\n`)
    drawn = true
  }
  return {
    /** Of what nobody knows the end. */
    tell: write,
    /** `share` 0–1 */
    show(share: number, text: string): void {
      const full = Math.round(Math.min(1, share) * WIDTH)
      write(
        `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(Math.floor(share * 100)).padStart(3)} %  ${text}`,
      )
    },
    end(): void {
      if (drawn && out.isTTY) out.write('\r\u001b[K')
      drawn = false
    },
  }
}

export function counted(number: number): string {
  return number.toLocaleString('en')
}

/** @param seconds - not known yet when it is no finite number */
export function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'time left unknown'
  if (seconds < 90) return `${Math.ceil(seconds)} s left`
  return `${Math.ceil(seconds / 60)} min left`
}
