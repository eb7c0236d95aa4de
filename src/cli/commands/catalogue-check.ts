import type { Command } from 'commander'
import { buildCatalogue } from '../../catalogue/build.ts'
import { modelNotes, SAMPLE_PATH } from '../../compose.ts'
import { loadSettings } from '../../config/load.ts'
import type { Settings } from '../../config/schema.ts'
import { readDocument } from '../../documents/read-parts.ts'
import type { Catalogue } from '../../domain/catalogue.ts'
import { failure } from '../../domain/errors.ts'
import type { FeatureSet } from '../../domain/feature-set.ts'
import type { StoredCustomer } from '../../domain/profile.ts'
import { reachOf } from '../../reach/reach.ts'
import { strangerTo, visitorOf } from '../../reach/visitor.ts'
import { mayHoldSomething, openStore, PATIENT } from '../../stores/open-store.ts'
import { count } from '../count.ts'
import { group } from '../group.ts'
import { printReach } from '../print-reach.ts'

interface Flags {
  readonly sample: string
  readonly settings?: string
}

export function registerCatalogueCheck(program: Command): void {
  group(program, 'catalogue', 'check, publish, compare and draft catalogues')
    .command('check')
    .argument(
      '[path]',
      'catalogue document, YAML or JSON, or a folder of its parts; the sample shop by default',
    )
    .description('check a catalogue: every fault with its place, or what is in it and whom it can reach')
    .option('--sample <n>', 'customers of the store to try it on', '1000')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .action(check)
}

async function check(path: string = SAMPLE_PATH, { sample, settings }: Flags): Promise<void> {
  const limit = /^\d{1,9}$/.test(sample) ? Number(sample) : null
  if (limit === null)
    throw failure(
      'usage_invalid',
      '--sample',
      'this is not a whole number',
      'write how many customers to try',
    )
  const read = loadSettings(settings)
  const known = await readStore(read, limit)
  const features = known.featureSet === null ? null : new Set(known.featureSet.indexOf.keys())
  const catalogue = buildCatalogue(await readDocument(path, 'catalogue_invalid'), { features })
  console.log(
    `catalogue ${catalogue.version} is valid: ${count(catalogue.actions.length, 'action')}, ${count(catalogue.placements.size, 'placement')}`,
  )
  const notes = await modelNotes(read, catalogue, known.featureSet)
  for (const note of [...noticesOf(catalogue, known.featureSet), ...notes]) console.log(`  note: ${note}`)
  for (const { id, channel } of catalogue.placements.values()) {
    const plays = catalogue.plays.get(id)!.length
    console.log(
      `  ${channel}/${id}: ${count(plays, 'action')}${plays === 0 ? ' — nothing can ever play here' : ''}`,
    )
  }
  console.log(printReach(reach(catalogue, known)))
}

interface Known {
  readonly featureSet: FeatureSet | null
  readonly customers: readonly StoredCustomer[]
}

/** What the store knows; nothing where there is none: a check makes no store. */
async function readStore(settings: Settings, limit: number): Promise<Known> {
  if (!mayHoldSomething(settings)) return { featureSet: null, customers: [] }
  const store = await openStore(settings, PATIENT)
  try {
    return { featureSet: await store.featureSet(), customers: await store.sample(limit) }
  } finally {
    await store.close()
  }
}

function noticesOf(catalogue: Catalogue, featureSet: FeatureSet | null): string[] {
  const notices = [...catalogue.notices]
  if (catalogue.model === undefined && catalogue.actions.some(({ minPropensity }) => minPropensity > 0)) {
    notices.push(
      'no model is named: every propensity is a prior of 0.01, and no minPropensity is held against it',
    )
  }
  const reads = catalogue.actions.flatMap(({ policy, valueRule }) => [
    ...policy.flatMap(({ rule }) => [...rule.reads]),
    ...(valueRule?.reads ?? []),
  ])
  if (featureSet === null && reads.some((name) => name.startsWith('features.')))
    notices.push(
      'no feature set is loaded: names of features were not checked, and any value is thought possible below',
    )
  return notices
}

function reach(catalogue: Catalogue, { featureSet, customers }: Known) {
  const now = Date.now()
  const reached = (visitors: Parameters<typeof reachOf>[1]) => reachOf(catalogue, visitors, now)
  return {
    actions: catalogue.actions.filter(({ active, validTo }) => active && validTo > now).length,
    anonymous: reached([strangerTo(catalogue, featureSet, false)]),
    withoutConsent: reached([strangerTo(catalogue, featureSet, true)]),
    customers:
      customers.length === 0 ? null : reached(customers.map((stored) => visitorOf(catalogue, stored))),
  }
}
