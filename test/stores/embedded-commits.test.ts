import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { allowance } from './contract/decision-examples.ts'
import { customer } from './contract/examples.ts'

interface Told {
  readonly answers: Readonly<Record<string, number>>
  readonly stays: readonly { readonly customer: string }[]
  readonly sequences: readonly string[]
}

const PROCESSES = 4
const EACH = 1000
/** What a worker makes happen before it begins. */
const FORCED = 2

it('four processes never grant more than a cap or a volume allows', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emma-commits-'))
  const told = await Promise.all(
    Array.from({ length: PROCESSES }, async (_, worker): Promise<Told> => {
      const script = new URL('./commit-worker.ts', import.meta.url)
      const child = fork(script, [folder, `${worker}`, `${EACH}`], { execArgv: ['--import', 'tsx'] })
      return new Promise((resolve, reject) => {
        child.once('message', (message) => resolve(message as Told))
        child.once('exit', (code) => code !== 0 && reject(new Error(`a worker ended with ${code}`)))
      })
    }),
  )
  const store = await openEmbeddedStore(folder, undefined)
  try {
    const sum = (result: string) => told.reduce((all, { answers }) => all + (answers[result] ?? 0), 0)
    const results = ['granted', 'capped', 'full', 'moved', 'sold_out'].map(sum)
    expect(results.reduce((all, one) => all + one)).toBe(PROCESSES * (EACH + FORCED))
    expect(Math.min(...results), `${results}`).toBeGreaterThan(0)

    const stays = told.flatMap((one) => one.stays)
    expect(stays).toHaveLength(150)
    expect(await store.volumeAccount(allowance('shared', 150))).toEqual({ used: 150, leased: 0 })
    let counted = 0
    for (let i = 0; i < 20; i++) {
      const { holds, ledger } = await store.gather(customer(`c${i}`))
      const his = holds.length + ledger.contacts.length
      expect(his).toBe(stays.filter((one) => one.customer === `c${i}`).length)
      expect(his).toBeLessThanOrEqual(8)
      counted += his
    }
    expect(counted).toBe(150)

    const sequences = new Map<string, number[]>()
    for (const one of told.flatMap((each) => each.sequences)) {
      const [bucket, sequence] = one.split(' ')
      sequences.set(bucket!, [...(sequences.get(bucket!) ?? []), Number(sequence)])
    }
    for (const numbers of sequences.values())
      expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, i) => i + 1))
  } finally {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
})
