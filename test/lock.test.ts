import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Locked {
  readonly version: string
  readonly engines?: { readonly node?: string }
  readonly optional?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))
const locked: Readonly<Record<string, Locked>> = read('package-lock.json').packages
const manifest = read('package.json')

describe('the lock file', () => {
  it('holds the binaries of every platform, or npm ci would refuse it', () => {
    // npm leaves out what the registry at hand does not have; a lock made there must be completed.
    const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in locked) && !(`${path}/node_modules/${name}` in locked),
      ),
    )
    expect(missing).toEqual([])
  })

  it('holds nothing that needs a newer Node than the package does', () => {
    const tooNew = Object.entries(locked).filter(
      ([, { engines }]) =>
        /^\s*(>=|\^)?\s*2[1-9]/.test(engines?.node ?? '') && !engines!.node!.includes('||'),
    )
    expect(tooNew.map(([path]) => path)).toEqual([])
  })

  it('belongs to a package whose dependencies are pinned to exact versions', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)),
    )
    expect(loose).toEqual([])
  })
})
