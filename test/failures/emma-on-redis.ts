import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Served, serve } from '../cli/run-emma.ts'
import { CATALOGUE } from './shop.ts'

export const SECRET = 'sixteen letters and more'

/** Settings of an Emma on a Redis, with the shop’s catalogue in `folder`. */
export function settingsFor(storeUrl: string, folder: string): Record<string, string> {
  const path = join(folder, 'shop.yaml')
  writeFileSync(path, CATALOGUE)
  return { STORE_URL: storeUrl, SECRET, CATALOGUE: path }
}

/** Starts `emma serve` on a Redis. */
export function serveOn(storeUrl: string, folder: string): Promise<Served> {
  return serve(settingsFor(storeUrl, folder), folder)
}

/** Memory of a process in bytes, as the system counts it. */
export function residentBytes(pid: number): number {
  const told = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(told![1]) * 1024
}
