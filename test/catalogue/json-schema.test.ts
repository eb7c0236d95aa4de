import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { catalogueJsonSchema } from '../../src/catalogue/json-schema.ts'

const EXAMPLE: unknown = parse(readFileSync(new URL('./whole-example.yaml', import.meta.url), 'utf8'))

type Schema = Readonly<Record<string, unknown>>
const ROOT = catalogueJsonSchema() as Schema

/** A schema and what it refers to or chooses among, itself first. */
function formsOf(schema: Schema): Schema[] {
  const ref = typeof schema.$ref === 'string' ? [resolve(schema.$ref)] : []
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => (schema[key] as Schema[] | undefined) ?? [])
  return [schema, ...[...ref, ...parts].flatMap(formsOf)]
}

function resolve(ref: string): Schema {
  return ref
    .split('/')
    .slice(1)
    .reduce<Schema>((at, step) => at[step] as Schema, ROOT)
}

/** Keys of the value that no form of the schema names, or names without a description. */
function undescribed(value: unknown, schema: Schema, path = ''): string[] {
  const forms = formsOf(schema)
  if (Array.isArray(value)) {
    const items = forms.map(({ items }) => items as Schema | undefined).find(Boolean)
    return value.flatMap((item, i) => (items ? undescribed(item, items, `${path}.${i}`) : [`${path}.${i}`]))
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = `${path}.${key}`
    for (const form of forms) {
      const named = (form.properties as Record<string, Schema> | undefined)?.[key]
      if (named !== undefined) {
        const described = formsOf(named).some(({ description }) => typeof description === 'string')
        return [...(described ? [] : [here]), ...undescribed(inner, named, here)]
      }
    }
    // A name of the marketer’s own; what it may hold is described, and content may hold anything.
    const free = forms.find(({ additionalProperties }) => typeof additionalProperties === 'object')
    return free ? undescribed(inner, free.additionalProperties as Schema, here) : [here]
  })
}

describe('the JSON Schema', () => {
  it('names and describes every key of the whole example', () => {
    expect(undescribed(EXAMPLE, ROOT)).toEqual([])
  })

  it('knows no others, so that an editor underlines them', () => {
    expect(undescribed({ actions: [{ knd: 1 }], volumes: [{ where: { chanel: 'web' } }] }, ROOT)).toEqual([
      '.actions.0.knd',
      '.volumes.0.where.chanel',
    ])
  })

  it('asks only for what a short document has', () => {
    expect(ROOT.required).toEqual(['schema', 'placements', 'actions'])
  })
})
