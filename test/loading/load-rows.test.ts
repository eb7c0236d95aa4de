import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildCatalogue } from '../../src/catalogue/build.ts'
import { parseWritten } from '../../src/documents/read-document.ts'
import type { CustomerId } from '../../src/domain/ids.ts'
import { attributeRows } from '../../src/loading/attribute-rows.ts'
import { openCheckpoint } from '../../src/loading/checkpoint.ts'
import { consentRows } from '../../src/loading/consent-rows.ts'
import { contactRows } from '../../src/loading/contact-rows.ts'
import { loadRows, type RowKind, type RowProgress } from '../../src/loading/load-rows.ts'
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/customer-store.ts'

const NOW = Date.UTC(2026, 10, 1, 12)
const WRITTEN = `
schema: emma/v1
types: { customer: { age: number, city: string, vip: bool } }
purposes: { newsletter: { basis: consent, default: deny } }
channels: { web: { direction: inbound }, email: { direction: outbound } }
placements: [{ id: hero, channel: web }]
actions:
  - { id: boots, treatments: [{ id: b, for: [hero], content: { en: A } }] }
`
const CATALOGUE = buildCatalogue(parseWritten(WRITTEN, 'shop.yaml', 'catalogue_invalid'))

let folder: string
let store: EmbeddedStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emma-load-rows-'))
  store = await openEmbeddedStore(join(folder, 'store'), undefined, () => NOW)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const kinds = {
  attributes: attributeRows,
  consents: consentRows,
  contacts: contactRows,
}
const kind = (name: keyof typeof kinds): RowKind<unknown> => kinds[name](store, CATALOGUE, () => NOW)

async function load(name: keyof typeof kinds, content: string, ending = 'csv', rows = kind(name)) {
  const file = join(folder, `${name}.${ending}`)
  if (content !== '') await writeFile(file, content)
  const refused: string[] = []
  const progress: RowProgress[] = []
  const checkpoint = await openCheckpoint(file, name, 'here')
  const report = await loadRows(
    file,
    rows,
    checkpoint,
    (now) => progress.push(now),
    ({ line, reason }) => refused.push(`${line} ${reason}`),
  )
  return { report, refused, progress }
}
const of = (id: string) => store.gather({ customer: id as CustomerId })

describe('attributes from a file', () => {
  it('are typed as the catalogue declares them, and leave alone what is empty', async () => {
    const { report, refused } = await load('attributes', 'customer,age,city,vip\na,41,07,true\nb,,Köln,0\n')
    expect({ ...report, refused }).toMatchObject({ read: 2, changed: 2, refused: [] })
    expect((await of('a')).profile?.attributes).toEqual({ age: 41, city: '07', vip: true })
    expect((await of('b')).profile?.attributes).toEqual({ city: 'Köln', vip: false })
    await load('attributes', '{"customer":"a","age":42}\n{"customer":"a","age":43}\n', 'ndjson')
    expect((await of('a')).profile?.attributes).toEqual({ age: 43, city: '07', vip: true })
  })

  it('come from Parquet too', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const path = join(folder, 'attributes.parquet')
    await connection.run(
      `COPY (SELECT 17::BIGINT AS customer, 41::BIGINT AS age, true AS vip) TO '${path}' (FORMAT parquet)`,
    )
    connection.closeSync()
    await load('attributes', '', 'parquet')
    expect((await of('17')).profile?.attributes).toEqual({ age: 41, vip: true })
  })

  it('are refused with line and reason, and keep nobody else out', async () => {
    const rows = [
      'customer,age,vip,size',
      ',1,,',
      'a,old,,',
      'a,0x10,,',
      'a,,perhaps,',
      'a,,,9',
      'a,,,',
      'b,1,,',
    ]
    const { report, refused } = await load('attributes', rows.join('\n'))
    expect(refused).toEqual([
      '2 column customer is empty',
      '3 column age is not a finite number',
      '4 column age is not a finite number',
      '5 column vip is neither true nor false',
      '6 column size is not declared in the catalogue, under types.customer',
      '7 no attribute is filled',
    ])
    expect(report).toMatchObject({ read: 7, changed: 1, refused: 6 })
  })
})

describe('consents from a file', () => {
  it('are those of customers, sessions and addresses, the newest one last', async () => {
    const { report } = await load(
      'consents',
      [
        'customer,session,address,purpose,channel,state,at',
        'a,,,newsletter,email,refused,2026-10-02T09:00:00Z',
        'a,,,newsletter,email,refused,2026-10-01T09:00:00+02:00',
        ',,B@example.org,,email,refused,',
        ',s,,newsletter,,granted,',
      ].join('\n'),
    )
    expect(report).toMatchObject({ changed: 3, known: 1, refused: 0 })
    expect((await of('a')).profile?.consents).toEqual([
      {
        purpose: 'newsletter',
        channel: 'email',
        address: null,
        state: 'refused',
        at: Date.UTC(2026, 9, 2, 9),
        toldAt: NOW,
      },
    ])
    expect((await store.gather(null, 'b@example.org')).addressConsents).toHaveLength(1)
    expect((await store.gather({ session: 's' })).profile?.consents).toHaveLength(1)
  })

  it('are refused with line and reason', async () => {
    const { refused } = await load(
      'consents',
      [
        'customer,session,address,purpose,channel,state,at',
        'a,s,,,,granted,',
        ',,,,,granted,',
        ',,b@example.org,,,granted,',
        ',,    ,,email,granted,',
        'a,,,,,maybe,',
        'a,,,,,,',
        'a,,,,,granted,yesterday',
        'a,,,,,granted,2030-01-01T00:00:00Z',
        'a,,,gifts,,granted,',
        'a,,,,,granted,',
      ].join('\n'),
    )
    expect(refused.map((line) => line.slice(0, 44))).toEqual([
      '2 columns customer and session are both fill',
      '3 columns customer, session and address are ',
      '4 an address belongs to a channel, and colum',
      '5 there is no address in column address',
      '6 column state is none of granted, refused',
      '7 column state is empty',
      '8 column at is no RFC 3339 time with zone su',
      '9 at: this time is in the future; tell it wh',
      '10 purpose: this purpose is not in the catal',
    ])
  })
})

describe('contacts from a file', () => {
  const HEADER = 'id,customer,channel,placement,action,at,outcome,outcomeAt'

  it('count once, with all that came of them', async () => {
    const rows = [
      HEADER,
      '1,a,web,hero,boots,2026-10-01T09:00:00Z,impression,2026-10-01T09:00:01Z',
      '1,a,web,hero,boots,2026-10-01T09:00:00Z,click,2026-10-01T09:01:00Z',
      '2,a,email,,,2026-10-02T09:00:00Z,sent,2026-10-02T09:00:00Z',
    ].join('\n')
    expect((await load('contacts', rows)).report).toMatchObject({ changed: 3, known: 0 })
    expect((await load('contacts', rows)).report).toMatchObject({ changed: 0, known: 3 })
    const { contacts } = (await of('a')).ledger
    expect(contacts.map(({ facts, outcomes }) => [facts.channel, outcomes.map(({ type }) => type)])).toEqual([
      ['web', ['impression', 'click']],
      ['email', ['sent']],
    ])
  })

  it('are refused with line and reason; when none is good, all is told as one failure', async () => {
    const rows = [
      HEADER,
      '1,a,fax,,,,,',
      ',a,web,,,,,',
      '1,,web,,,,,',
      '1,a,web,,,,,2026-10-01T09:00:00Z',
      '1,a,web,,,,seen,',
    ]
    await expect(load('contacts', rows.join('\n'))).rejects.toMatchObject({ code: 'data_invalid' })
    const { refused } = await load('contacts', [...rows, '1,a,web,,,2026-10-01T09:00:00Z,,'].join('\n'))
    expect(refused.map((line) => line.slice(0, 46)).sort()).toEqual([
      '2 channel: this channel is not in the catalogu',
      '3 column id is empty',
      '4 column customer is empty',
      '5 column outcomeAt is filled, and outcome is n',
      '6 column outcome is none of sent, presented, i',
    ])
    const misspelt = load('contacts', 'id,customer,channel,plaecment\n1,a,web,hero\n')
    await expect(misspelt).rejects.toThrow('column plaecment is not known')
  })

  it('go on where a run was ended, and from the start when the file is another one', async () => {
    const lines = Array.from({ length: 25_000 }, (_, i) => `${i},c${i % 500},web,,,2026-10-01T09:00:00Z,,`)
    const content = [HEADER, ...lines].join('\n')
    const whole = kind('contacts')
    let calls = 0
    const failing: RowKind<unknown> = {
      ...whole,
      toItem: whole.toItem,
      tell: async (items) => {
        if (++calls > 17) throw new Error('the process ends here')
        return whole.tell(items)
      },
    }
    await expect(load('contacts', content, 'csv', failing)).rejects.toThrow('ends here')
    const note = join(folder, 'contacts.csv.emma-load')
    const { rows } = JSON.parse(await readFile(note, 'utf8'))
    expect(rows).toBeGreaterThanOrEqual(10_000)
    expect(rows).toBeLessThanOrEqual(17_000)
    const { report, progress } = await load('contacts', '')
    expect(progress[0]?.skipped).toBe(rows)
    expect(report).toMatchObject({ read: 25_000, skipped: rows, changed: 8000 })
    await expect(readFile(note)).rejects.toThrow('ENOENT')
    let kept = 0
    for (let i = 0; i < 500; i++) kept += (await of(`c${i}`)).ledger.contacts.length
    expect(kept).toBe(25_000)

    await expect(
      load('contacts', content, 'csv', {
        ...failing,
        tell: async () => Promise.reject(new Error('at once')),
      }),
    ).rejects.toThrow('at once')
    calls = 0
    await expect(load('contacts', '', 'csv', failing)).rejects.toThrow('ends here')
    await utimes(join(folder, 'contacts.csv'), 1, 1)
    expect((await load('contacts', '')).report.skipped).toBe(0)
  }, 120_000)
})
