import { readFileSync } from 'node:fs'
import type { Script } from './link-command.ts'

/** A script of the files beside this one, one after the other: functions first. */
export function luaScript(name: string, ...files: readonly [string, ...string[]]): Script {
  const source = files.map((file) => readFileSync(new URL(`./${file}`, import.meta.url), 'utf8')).join('\n')
  return { name, source }
}
