import { fork } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContactLedger } from '../../src/domain/contact.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'
import { describeCustomerStore } from './contract/customer-store-contract.ts'
import { contact, customer, HORIZON, id, manifest, NOW, session } from './contract/examples.ts'

describeCustomerStore('the embedded store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emma-store-'))
  return {
    open: (clock) => openEmbeddedStore(folder, undefined, clock),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
})

/** What a contact of a writer was about. */
function actionOf({ contacts }: ContactLedger, worker: number, i: number) {
  const { ref } = contact(worker * 1_000_000 + i)
  return contacts.find((one) => one.ref === ref)?.facts.action
}

describe('the embedded store', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emma-store-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it.runIf(process.platform === 'linux')('refuses at once a folder that cannot be made', async () => {
    await expect(openEmbeddedStore('/proc/emma/store', undefined)).rejects.toMatchObject({
      code: 'store_unavailable',
    })
  })

  it('refuses another SECRET than the one it was made with, in both directions', async () => {
    await (await openEmbeddedStore(folder, 'the first secret of all')).close()
    await expect(openEmbeddedStore(folder, 'another secret than it')).rejects.toMatchObject({
      code: 'settings_invalid',
    })
    await expect(openEmbeddedStore(folder, undefined)).rejects.toThrow(
      'was made with a SECRET, and none is set',
    )
    await (await openEmbeddedStore(folder, 'the first secret of all')).close()
  })

  it('says what is wrong with a folder that is a file', async () => {
    const file = join(folder, 'file')
    await writeFile(file, 'x')
    await expect(openEmbeddedStore(file, undefined)).rejects.toMatchObject({ code: 'store_unavailable' })
  })

  it('says what is wrong with a file that is not a store', async () => {
    await writeFile(join(folder, 'store.mdb'), 'x'.repeat(100_000))
    await expect(openEmbeddedStore(folder, undefined)).rejects.toMatchObject({ code: 'store_unavailable' })
  })

  it('reads what another has written a moment ago', async () => {
    const [one, other] = [
      await openEmbeddedStore(folder, undefined),
      await openEmbeddedStore(folder, undefined),
    ]
    const who = customer('a')
    for (let told = 1; told <= 200; told++) {
      await other.gather(who)
      await one.recordContacts([{ subject: who, contact: contact(told) }], NOW, HORIZON)
      expect((await other.gather(who)).ledger.contacts).toHaveLength(told)
    }
    await Promise.all([one.close(), other.close()])
  })

  it('holds no id and no address in its file, neither as key nor as value', async () => {
    const store = await openEmbeddedStore(folder, undefined)
    const of = manifest('a')
    await store.loader.put(of, [{ id: id('findable-customer-id'), values: [1, 2] }])
    await store.loader.activate(of)
    await store.upsert(id('findable-customer-id'), { attributes: { note: 'findable-value' } }, 1, null)
    const statement = {
      purpose: null,
      channel: 'email',
      address: 'findable@example.org',
      state: 'refused',
      at: null,
      toldAt: NOW,
    } as const
    for (const subject of [customer('findable-customer-id'), session('findable-session-id')]) {
      await store.recordContacts([{ subject, contact: contact(1) }], NOW, HORIZON)
      await store.recordConsents([{ subject, statement }])
    }
    await store.close()
    const bytes = (await readFile(join(folder, 'store.mdb'))).toString('latin1')
    expect(bytes).toContain('findable-value')
    expect(bytes).not.toMatch(/findable-customer-id|findable-session-id|findable@/)
  })

  it('loses nothing of what four processes write at the same time', { timeout: 60_000 }, async () => {
    const processes = 4
    const each = 250
    const workers = Array.from({ length: processes }, (_, worker) =>
      fork(new URL('./embedded-writer.ts', import.meta.url), [folder, String(worker), String(each)], {
        execArgv: ['--import', 'tsx'],
      }),
    )
    const codes = await Promise.all(
      workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))),
    )
    expect(codes).toEqual(workers.map(() => 0))
    const store = await openEmbeddedStore(folder, undefined)
    const persons = await Promise.all(
      Array.from({ length: 10 }, (_, i) => store.gather(customer(`shared-${i}`))),
    )
    for (let i = 0; i < each; i++) {
      const { profile, ledger } = persons[i % 10]!
      for (let worker = 0; worker < processes; worker++) {
        expect(profile?.attributes[`w${worker}_${i}`]).toBe(i)
        expect(actionOf(ledger, worker, i)).toBe(`a${i}`)
      }
    }
    const contacts = persons.reduce((sum, { ledger }) => sum + ledger.contacts.length, 0)
    expect(contacts).toBe(processes * each)
    await store.close()
  })

  it('keeps every acknowledged write when its process is killed', { timeout: 60_000 }, async () => {
    const worker = fork(new URL('./embedded-writer.ts', import.meta.url), [folder, '0', '1000000'], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let acknowledged = -1
    await new Promise<void>((resolve) => {
      worker.on('message', (written) => {
        acknowledged = written as number
        if (acknowledged >= 300) resolve()
      })
    })
    worker.kill('SIGKILL')
    await new Promise((resolve) => worker.once('exit', resolve))
    const store = await openEmbeddedStore(folder, undefined)
    for (let i = 0; i <= acknowledged; i++) {
      const { profile, ledger } = await store.gather(customer(`shared-${i % 10}`))
      expect(profile?.attributes[`w0_${i}`]).toBe(i)
      expect(actionOf(ledger, 0, i)).toBe(`a${i}`)
    }
    await store.close()
  })
})
