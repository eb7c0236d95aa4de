import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Files, type House, type Rule, violationsOf } from './architecture/house-rules.ts'

/** The house: who may import whom. A change here is a decision, so it comes with its reason. */
const HOUSE: House = {
  rooms: {
    domain: [],
    ports: ['domain'],
    rules: ['domain'],
    templates: ['domain'],
    // What people write (YAML, JSON), with the place of every part: for whoever reads such files, and for faults alike.
    documents: ['domain'],
    catalogue: ['domain', 'ports', 'documents', 'rules', 'templates'],
    decide: ['domain', 'ports'],
    scoring: ['domain', 'ports', 'decide/model-rows.ts'],
    stores: ['domain', 'ports'],
    // Changes to what is known of a customer: held against the catalogue's types as a request's context is.
    customers: ['domain', 'ports', 'decide/check-request.ts'],
    features: ['domain', 'ports', 'documents', 'decide/model-rows.ts'],
    // Many customers at once from files: read as features are, told as the routes tell them.
    loading: [
      ...['domain', 'ports', 'customers', 'features/read-rows.ts', 'features/writes-in-flight.ts'],
      'type features',
    ],
    dataset: ['domain', 'documents', 'features', 'decide/model-rows.ts', 'catalogue'],
    sample: ['domain', 'ports', 'features', 'catalogue'],
    // What serves now: seeded, published, exchanged for a newer one, told of at run time.
    serving: [...['domain', 'ports', 'documents', 'catalogue', 'type decide'], 'typescript/register.mjs'],
    // Whom a catalogue can reach, before it serves.
    reach: [
      ...['domain', 'decide/consent.ts', 'decide/mask.ts', 'decide/read-feature.ts'],
      'decide/judge/showable.ts',
    ],
    config: ['domain'],
    observe: ['domain', 'config', 'ports'],
    http: [
      ...['domain', 'ports', 'config', 'observe', 'documents/issue-faults.ts', 'catalogue/document.ts'],
      ...['type decide', 'type catalogue', 'type customers', 'type serving'],
    ],
    cli: [
      ...['domain', 'ports', 'rules', 'catalogue', 'decide', 'scoring', 'stores', 'features', 'dataset'],
      ...[
        'sample',
        'config',
        'observe',
        'compose.ts',
        'version.ts',
        'documents',
        'serving',
        'reach',
        'loading',
      ],
      'typescript',
      // The front door itself, as `openapi` needs it; routes, schemas and plugins stay inside.
      'http/*.ts',
    ],
    // What Node needs to read the rest: plain JavaScript, which knows nothing of it.
    typescript: [],
    'compose.ts': ['*'],
    'version.ts': [],
    'main.ts': ['compose.ts', 'config'],
  },
  onlyPackages: {
    domain: ['zod', 'node:crypto'],
  },
  guardedPackages: {
    'onnxruntime-node': ['scoring/onnx-session.ts', 'scoring/onnx-scorer.ts'],
    lmdb: ['stores/embedded/**'],
    ioredis: ['stores/redis/**'],
    '@duckdb/*': ['features/**', 'dataset/**'],
    fastify: ['http/**'],
    'fastify-*': ['http/**'],
    '@fastify/*': ['http/**'],
    commander: ['cli/**'],
    esbuild: ['typescript/**'],
    pino: ['observe/**'],
    'prom-client': ['observe/metrics.ts', 'observe/summed-metrics.ts'],
    // Several processes are a way to start Emma; nothing inside knows how many there are.
    'node:cluster': ['cli/**'],
  },
  environment: ['config/**'],
  pure: ['domain', 'decide', 'rules', 'templates'],
  emptyNames: ['util', 'utils', 'helper', 'helpers', 'common'],
}

const RULES: Readonly<Record<Rule, string>> = {
  rooms: 'imports keep to the map',
  packages: 'packages stay in the files that own them',
  environment: 'only config reads process.env',
  cycles: 'no file imports itself in the end',
  barrels: 'no file only passes on what others export',
  names: 'names are kebab-case and say something',
  pure: 'no clock and no chance where decisions are made',
  extensions: 'relative imports tell what kind of file they name',
}
const ALL_RULES = Object.keys(RULES) as Rule[]

describe('src', () => {
  const files = readSources(fileURLToPath(new URL('../src/', import.meta.url)))

  test('is read', () => expect(Object.keys(files)).toContain('domain/errors.ts'))
  test.each(ALL_RULES.map((rule) => [RULES[rule], rule] as const))('%s', (_sentence, rule) => {
    const violations = violationsOf(rule, HOUSE, files)
    expect(violations, violations.join('\n')).toEqual([])
  })
})

describe('the checker', () => {
  const orderly: Files = {
    'domain/ids.ts': "import { z } from 'zod'\nimport { createHash } from 'node:crypto'\nexport const id = 1",
    'ports/clock.ts': "import type { Id } from '../domain/ids.ts'\nexport type Clock = () => Id",
    'decide/model-rows.ts': "import { id } from '../domain/ids.ts'\nexport const then = new Date(id)",
    'decide/judge/valid.ts': '// Date.now, process.env\nexport const text = "Math.random()"',
    'scoring/onnx-session.ts': "import 'onnxruntime-node'\nimport { rows } from '../decide/model-rows.ts'",
    'stores/embedded/commit-3.lua': 'return 1',
    'http/app.ts': "import Fastify from 'fastify'\nimport type { Row } from '../decide/model-rows.ts'",
    'config/load.ts': 'export const load = () => process.env',
    'cli/main.ts': "import { compose } from '../compose.ts'\nconst { app } = await import('../http/app.ts')",
    'cli/emma.mjs': "import '../../package.json'\nawait import('./main.ts')",
    'compose.ts': "import { app } from './http/app.ts'\nimport { load } from './config/load.ts'",
  }

  test.each(ALL_RULES)('finds no fault with an orderly house: %s', (rule) => {
    expect(violationsOf(rule, HOUSE, orderly)).toEqual([])
  })

  const seeded: readonly [Rule, Files, string][] = [
    ['rooms', { 'domain/a.ts': "import '../ports/clock.ts'" }, 'domain/a.ts:1 may not import ports/clock.ts'],
    [
      'rooms',
      { 'scoring/a.ts': "\nimport '../decide/slate.ts'" },
      'scoring/a.ts:2 may not import decide/slate.ts',
    ],
    ['rooms', { 'http/a.ts': "import '../decide/slate.ts'" }, 'http/a.ts:1 may not import decide/slate.ts'],
    [
      'rooms',
      { 'http/a.ts': "import { type Slate } from '../decide/slate.ts'" },
      'http/a.ts:1 may not import decide/slate.ts',
    ],
    [
      'rooms',
      { 'http/a.ts': "import type { Store } from '../stores/a.ts'" },
      'http/a.ts:1 may not import stores/a.ts (type)',
    ],
    ['rooms', { 'cli/a.ts': "import '../http/routes/a.ts'" }, 'cli/a.ts:1 may not import http/routes/a.ts'],
    ['rooms', { 'http/app.ts': "import '../compose.ts'" }, 'http/app.ts:1 may not import compose.ts'],
    ['rooms', { 'main.ts': "import './http/app.ts'" }, 'main.ts:1 may not import http/app.ts'],
    [
      'rooms',
      { 'decide/a.ts': "export * from '../stores/a.ts'" },
      'decide/a.ts:1 may not import stores/a.ts',
    ],
    [
      'rooms',
      { 'decide/a.ts': "await import('../stores/a.ts')" },
      'decide/a.ts:1 may not import stores/a.ts',
    ],
    [
      'rooms',
      { 'decide/a.ts': "type A = import('../http/app.ts').A" },
      'decide/a.ts:1 may not import http/app.ts (type)',
    ],
    [
      'rooms',
      { 'decide/a.ts': "new Worker(new URL('../stores/worker.ts', import.meta.url))" },
      'decide/a.ts:1 may not import stores/worker.ts',
    ],
    ['rooms', { 'decide/a.ts': "import '../../test/a.ts'" }, 'decide/a.ts:1 leaves src for ../test/a.ts'],
    ['rooms', { 'attic/a.ts': '' }, 'attic is not on the map'],
    ['packages', { 'domain/a.ts': "import 'yaml'" }, 'domain/a.ts:1 may not import yaml'],
    [
      'packages',
      { 'scoring/prior.ts': "import 'onnxruntime-node'" },
      'scoring/prior.ts:1 may not import onnxruntime-node, only scoring/onnx-session.ts, scoring/onnx-scorer.ts',
    ],
    [
      'packages',
      { 'stores/redis/a.ts': "import type { RootDatabase } from 'lmdb'" },
      'stores/redis/a.ts:1 may not import lmdb, only stores/embedded/**',
    ],
    [
      'packages',
      { 'cli/a.ts': "import '@duckdb/node-api/lib/a.js'" },
      'cli/a.ts:1 may not import @duckdb/node-api, only features/**, dataset/**',
    ],
    [
      'packages',
      { 'compose.ts': "import '@fastify/swagger'" },
      'compose.ts:1 may not import @fastify/swagger, only http/**',
    ],
    ['packages', { 'compose.ts': "import 'pino'" }, 'compose.ts:1 may not import pino, only observe/**'],
    ['environment', { 'http/a.ts': 'const port = process.env.PORT' }, 'http/a.ts:1 reads process.env'],
    ['environment', { 'main.ts': "process['env']" }, 'main.ts:1 reads process.env'],
    ['environment', { 'main.ts': 'const { env: e } = process' }, 'main.ts:1 reads { env } = process'],
    [
      'environment',
      { 'main.ts': "import { env } from 'node:process'" },
      'main.ts:1 reads env of node:process',
    ],
    [
      'cycles',
      {
        'domain/a.ts': "import './b.ts'",
        'domain/b.ts': "import type { C } from './c.ts'",
        'domain/c.ts': "export { A } from './a.ts'",
      },
      'domain/a.ts → domain/b.ts → domain/c.ts → domain/a.ts',
    ],
    ['cycles', { 'domain/a.ts': "import './a.ts'" }, 'domain/a.ts → domain/a.ts'],
    ['barrels', { 'domain/index.ts': 'export const a = 1' }, 'domain/index.ts is named index'],
    ['barrels', { 'domain/all.ts': "export * from './a.ts'" }, 'domain/all.ts only re-exports'],
    [
      'barrels',
      { 'domain/all.ts': "import { a } from './a.ts'\nexport { a }" },
      'domain/all.ts only re-exports',
    ],
    ['names', { 'domain/featureSet.ts': '' }, 'domain/featureSet.ts is not in kebab-case'],
    ['names', { 'domain/feature_set.ts': '' }, 'domain/feature_set.ts is not in kebab-case'],
    ['names', { 'stores/redis/Commit.lua': '' }, 'stores/redis/Commit.lua is not in kebab-case'],
    ['names', { 'domain/utils.ts': '' }, 'domain/utils.ts has a name that says nothing'],
    ['names', { 'domain/string-helpers.ts': '' }, 'domain/string-helpers.ts has a name that says nothing'],
    ['names', { 'domain/common/a.ts': '' }, 'domain/common/a.ts has a name that says nothing'],
    ['pure', { 'decide/judge/a.ts': 'const now = Date.now()' }, 'decide/judge/a.ts:1 uses Date.now'],
    ['pure', { 'domain/a.ts': 'const now = new Date()' }, 'domain/a.ts:1 uses new Date()'],
    ['pure', { 'rules/a.ts': '\nMath.random()' }, 'rules/a.ts:2 uses Math.random'],
    ['pure', { 'decide/a.ts': 'globalThis.performance.now()' }, 'decide/a.ts:1 uses performance.now'],
    ['pure', { 'domain/a.ts': "import { randomUUID } from 'node:crypto'" }, 'domain/a.ts:1 uses randomUUID'],
    ['extensions', { 'domain/a.ts': "import './b'" }, 'domain/a.ts:1 imports ./b without .ts'],
    ['extensions', { 'domain/a.ts': "import './b.js'" }, 'domain/a.ts:1 imports ./b.js without .ts'],
  ]

  test.each(seeded)('%s: %j', (rule, fault, found) => {
    expect(violationsOf(rule, HOUSE, { ...orderly, ...fault })).toEqual([found])
  })
})

function readSources(src: string): Files {
  const entries = readdirSync(src, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    entries.map((entry) => {
      const path = `${entry.parentPath}/${entry.name}`
      return [path.slice(src.length).replaceAll('\\', '/').replace(/^\//, ''), readFileSync(path, 'utf8')]
    }),
  )
}
