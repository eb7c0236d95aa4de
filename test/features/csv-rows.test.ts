import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsvBlocks } from '../../src/features/csv-rows.ts'

interface Read {
  readonly line: number
  readonly fields: readonly string[]
  readonly numbers: readonly number[]
}

/** All rows of a text that comes in pieces of so many bytes. */
async function read(text: string, size: number): Promise<{ columns: readonly string[]; rows: Read[] }> {
  const bytes = Buffer.from(text)
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )
  const rows: Read[] = []
  let columns: readonly string[] = []
  for await (const block of readCsvBlocks(Readable.from(pieces))) {
    for (const row of block) {
      columns = row.columns
      const places = Array.from({ length: row.width }, (_, i) => i)
      rows.push({
        line: row.line,
        fields: places.map((i) => row.text(i)),
        numbers: places.map((i) => row.plainNumber(i)),
      })
    }
  }
  return { columns, rows }
}

const field = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('', '"', ',', '\n', '\r\n', 'a"b', '7', '-0.5', 'ä,ö\n"ü"', '😀'),
)

function written(text: string, isQuoted: boolean): string {
  return isQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

describe('rows of CSV', () => {
  it('are what was written, however the bytes come, each with the line where it ends', async () => {
    const rows = fc.array(fc.array(fc.tuple(field, fc.boolean()), { minLength: 2, maxLength: 5 }), {
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (all, end, isEnded, isMarked, size) => {
          const lines = [
            'x,"y ""z"""',
            ...all.map((row) => row.map(([text, is]) => written(text, is)).join(',')),
          ]
          const text = `${isMarked ? '\ufeff' : ''}${lines.join(end)}${isEnded ? end : ''}`
          const found = await read(text, size)
          expect(found.rows.map(({ fields }) => fields)).toEqual(
            all.map((row) => row.map(([field]) => field)),
          )
          let line = 1
          const ends = all.map((row) => {
            line += 1 + row.join('').split('\n').length - 1
            return line
          })
          expect(found.rows.map((row) => row.line)).toEqual(ends)
          if (all.length > 0) expect(found.columns).toEqual(['x', 'y "z"'])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('tell a number as Number does, or not at all', async () => {
    const texts = fc.oneof(
      fc.double({ noNaN: true }).map(String),
      fc.integer().map(String),
      fc.tuple(fc.integer(), fc.nat(99_999_999)).map(([a, b]) => `${a}.${b}`),
      fc.constantFrom(
        '-0',
        '.5',
        '5.',
        '.',
        '-',
        '',
        '1.2.3',
        '--1',
        '+1',
        '1e3',
        '0x10',
        ' 1',
        '000',
        '-.25',
      ),
      fc.constantFrom('123456789012345', '1234567890123456', '0.123456789012345', '9007199254740993'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 20 }), async (all) => {
        const { rows } = await read(`x,y\n${all.map((text) => `${text},\n`).join('')}`, 64)
        rows.forEach(({ numbers }, i) => {
          const text = all[i]!
          const isPlain = /^-?(\d+\.?\d*|\.\d+)$/.test(text) && text.replace(/\D/g, '').length <= 15
          expect(numbers[0]).toBe(isPlain ? Number(text) : Number.NaN)
        })
      }),
      { numRuns: 500 },
    )
  })

  it('leave out empty lines and count them', async () => {
    const { rows } = await read('x,y\n\n1,2\r\n\r\n\n3,4', 3)
    expect(rows.map(({ line, fields }) => [line, ...fields])).toEqual([
      [3, '1', '2'],
      [6, '3', '4'],
    ])
  })

  it.each([
    ['x,y\n1,"2', 'a quote is not closed, from line 2'],
    ['x,y\n1,2"\n', 'a quote stands inside a field at line 2'],
    ['x,y\n1,"2"3\n', 'something follows a closing quote at line 2'],
    ['x,y,x\n', 'the header names column x twice'],
  ])('refuse %j', async (text, sentence) => {
    for (const size of [1, 2, 100]) await expect(read(text, size)).rejects.toThrow(sentence)
  })
})
