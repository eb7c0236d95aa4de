import { readFileSync } from 'node:fs'

const FOLDER = new URL('./sql/', import.meta.url)

export const SQL_FILES = [
  'best-sellers.sql',
  'base.sql',
  'recency-frequency-value.sql',
  'basket.sql',
  'rhythm.sql',
  'preferences.sql',
  'comparable-customers.sql',
  'items.sql',
] as const
export type SqlFile = (typeof SQL_FILES)[number]

/** The text of one file of `sql/`. */
export function sqlText(file: SqlFile): string {
  return readFileSync(new URL(file, FOLDER), 'utf8')
}

/** The file with each `$name` replaced by SQL text. */
export function filledSql(file: SqlFile, values: Readonly<Record<string, string>>): string {
  return sqlText(file).replace(/\$([a-z_]+)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${file} needs $${name}`)
    return value
  })
}
