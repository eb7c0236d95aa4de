import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { describeApi } from '../../src/http/describe-api.ts'
import { VERSION } from '../../src/version.ts'
import { openShop } from './open-shop.ts'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>
}
interface Document {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}
type Schema = Readonly<Record<string, unknown>>

const isSuccess = ([status]: readonly [string, unknown]) => status.startsWith('2')

const described = (await describeApi(VERSION)) as Document
const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
)

/** Every schema object inside of a value, with its place. */
function schemasIn(value: unknown, place = ''): [string, Schema][] {
  if (value === null || typeof value !== 'object') return []
  const own: [string, Schema][] =
    !Array.isArray(value) && ('type' in value || 'enum' in value || '$ref' in value)
      ? [[place, value as Schema]]
      : []
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => schemasIn(inner, `${place}/${key}`))]
}

/** Lines such as `├── /v1/customers/:id (GET, HEAD, PUT)`; one that is indented goes on where its parent ends. */
function servedUrls(tree: string): [url: string, methods: string][] {
  const above: string[] = []
  return [...tree.matchAll(/^([│ ]*)[├└]── (\S+)(?: \((.*)\))?/gm)].flatMap(([, indent, part, methods]) => {
    const depth = indent!.length / 4
    above.length = depth
    above.push(part!)
    return methods === undefined ? [] : [[above.join(''), methods] as [string, string]]
  })
}

describe('openapi/openapi.json', () => {
  it('is what this app describes (npm run openapi writes it)', async () => {
    const file = new URL('../../openapi/openapi.json', import.meta.url)
    expect(await readFile(file, 'utf8')).toBe(`${JSON.stringify(described, null, 2)}\n`)
  })

  it('is OpenAPI 3.1 of this version', () => {
    expect(described.openapi).toMatch(/^3\.1\./)
    expect(described.info).toMatchObject({ title: 'Emma', version: VERSION })
  })

  it('names every route that is served, and no other', async () => {
    const shop = await openShop()
    const routes = servedUrls(shop.app.printRoutes({ commonPrefix: false }))
      .filter(([url]) => !url.startsWith('/docs'))
      .flatMap(([url, methods]) => methods.split(', ').map((method) => `${method} ${url}`))
      .filter((route) => !route.startsWith('HEAD '))
    const documented = operations.map(({ path, method }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`)
    expect(routes.sort()).toEqual(documented.sort())
    await shop.close()
  })

  it('gives every operation a name of its own, a summary and a tag that is explained', () => {
    const names = operations.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
    const tags = described.tags.map(({ name }) => name)
    for (const { path, operation } of operations) {
      expect([path, operation.operationId, operation.summary]).not.toContain(undefined)
      expect(tags).toContain(operation.tags![0])
    }
  })

  it('tells the parameters of every path, and the failures of every operation as problem+json', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const told = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(told.map(({ name }) => name)).toEqual(inPath)
      expect(told.every(({ required }) => required)).toBe(true)
      const form = path === '/metrics' ? 'text/plain' : 'application/json'
      const answers = Object.entries(operation.responses).filter(isSuccess)
      expect(answers).toHaveLength(1)
      expect(answers[0]![1].content).toHaveProperty([form])
      const failures = Object.entries(operation.responses).filter((response) => !isSuccess(response))
      expect(failures.map(([status]) => status)).toContain('403')
      for (const [, { content }] of failures) {
        expect(content).toEqual({
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        })
      }
    }
  })

  it('refers only to what it names, and names only what it refers to', () => {
    const text = JSON.stringify(described)
    const referred = new Set([...text.matchAll(/"\$ref":"([^"]*)"/g)].map((match) => match[1]))
    const named = Object.keys(described.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect([...referred].sort()).toEqual(named.sort())
  })

  it('has a sane schema for every object, list and choice', () => {
    const all = schemasIn({ paths: described.paths, components: described.components })
    expect(all.length).toBeGreaterThan(100)
    for (const [place, schema] of all) {
      const { type, properties, required, items, enum: choices, additionalProperties } = schema
      if (typeof type === 'string' && type === 'object') {
        expect([place, properties !== undefined || additionalProperties !== undefined]).toEqual([place, true])
        for (const name of (required as string[] | undefined) ?? []) expect(properties).toHaveProperty([name])
      }
      if (type === 'array') expect([place, typeof items]).toEqual([place, 'object'])
      if (Array.isArray(choices)) {
        expect([place, new Set(choices).size]).toEqual([place, choices.length])
      }
    }
  })

  it('is strict in what is sent: a key that is not described is not allowed', () => {
    for (const { operation } of operations) {
      if (operation.requestBody === undefined) continue
      const { schema } = operation.requestBody.content['application/json']!
      const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1)! : undefined
      const body = name === undefined ? schema : described.components.schemas[name]!
      expect(body.additionalProperties).toBe(false)
    }
  })
})
