/**
 * An address in the one form under which its opt-outs are found, however it is written: without a name around it, a
 * scheme, capitals, blanks, or what cannot be seen; of a telephone number only digits and a leading plus. Empty when
 * nothing is left of it.
 */
export function normalAddress(address: string): string {
  const visible = address.normalize('NFKC').replace(/[\s\p{Cc}\p{Cf}]/gu, '')
  const bare = (/<([^<>]*)>$/.exec(visible)?.[1] ?? visible).replace(/^(mailto|tel|sms):/i, '')
  // Once more at the end: what stood on both sides of a blank may have become one letter.
  const lower = bare.toLowerCase().normalize('NFKC').replace(/\.+$/, '')
  return isNumber(lower) ? lower.replace(/[^+\d]/g, '') : lower
}

/** Digits with what people write between them. */
function isNumber(address: string): boolean {
  return /^\+?[\d().\-/]*\d[\d().\-/]*$/.test(address)
}

/** Whether there is an address in it at all. */
export function isAddress(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(normalAddress(text))
}
