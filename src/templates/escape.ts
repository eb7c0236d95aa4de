import type { Placement } from '../domain/catalogue.ts'

export type ContentType = Placement['contentType']

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** What makes a value a part of the target and nothing else. JSON is escaped by whoever writes it out. */
export const ESCAPES: Readonly<Record<ContentType, (value: string) => string>> = {
  json: (value) => value,
  text: (value) => value.replace(/\r\n|[\p{Cc}\p{Zl}\p{Zp}]/gu, ' '),
  html: (value) => value.replace(/[&<>"']/g, (char) => REFERENCES[char]!),
}
