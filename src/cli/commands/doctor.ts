import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { buildCatalogue } from '../../catalogue/build.ts'
import { modelNotes, openStore, storeFolder } from '../../compose.ts'
import { loadSettings } from '../../config/load.ts'
import type { Catalogue } from '../../domain/catalogue.ts'
import { EmmaError, failure } from '../../domain/errors.ts'
import type { FeatureSet } from '../../domain/feature-set.ts'
import type { Finding } from '../../ports/store-health.ts'
import { stored } from '../../serving/stored-document.ts'
import { embeddedHealth } from '../../stores/embedded/health.ts'

const SIGNS: Readonly<Record<Finding['state'], string>> = { right: 'ok', advice: 'advice', wrong: 'WRONG' }

/** `emma doctor`: what is right with the store, what is not, and what to do. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at the store that STORE_URL names: what is right, and what to do')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .addHelpText('after', '\nExit code 1: something is wrong, and Emma should not run on it.')
    .action(async ({ settings: file }: { settings?: string }) => {
      const settings = loadSettings(file)
      const folder = storeFolder(settings)
      if (!existsSync(folder))
        throw failure(
          'not_ready',
          folder,
          'there is no store here',
          'set STORE_URL, or start emma serve once',
        )
      const store = await openStore(settings)
      try {
        tell({
          state: 'right',
          what: `the store in ${folder} opens; its format and SECRET fit`,
          remedy: null,
        })
        for (const finding of await embeddedHealth(folder).findings()) tell(finding)
        const catalogue = await tellCatalogue(store)
        const set = await store.featureSet()
        tell(setFinding(set))
        if (catalogue === null) return
        const notes = await modelNotes(settings, catalogue, set)
        for (const what of notes) tell({ state: 'advice', what, remedy: 'see emma model check' })
        if (notes.length === 0)
          tell({ state: 'right', what: 'the models of the catalogue fit', remedy: null })
      } finally {
        await store.close()
      }
    })
}

function tell({ state, what, remedy }: Finding): void {
  console.log(`${SIGNS[state].padEnd(6)}  ${what}${remedy === null ? '' : `: ${remedy}`}`)
  if (state === 'wrong') process.exitCode = 1
}

/** @returns what serves, or null when nothing does */
async function tellCatalogue({
  catalogues,
}: Awaited<ReturnType<typeof openStore>>): Promise<Catalogue | null> {
  const serves = await catalogues.newestPublication()
  if (serves === null) {
    const what = 'no catalogue serves yet'
    tell({ state: 'advice', what, remedy: 'publish one with emma catalogue publish <path>' })
    return null
  }
  try {
    const document = await catalogues.document(serves.version)
    const catalogue = buildCatalogue(stored(document!, serves.version))
    const what = `catalogue ${serves.version} serves, with ${catalogue.actions.length} actions`
    tell({ state: 'right', what, remedy: null })
    return catalogue
  } catch (error) {
    if (!(error instanceof EmmaError)) throw error
    const what = `catalogue ${serves.version} cannot serve here (${error.faults[0]?.what})`
    tell({ state: 'wrong', what, remedy: 'publish one that this release can serve, or update Emma' })
    return null
  }
}

function setFinding(set: FeatureSet | null): Finding {
  if (set === null)
    return {
      state: 'advice',
      what: 'no feature set is in use',
      remedy: 'load one with emma features load <folder>',
    }
  const { name, version, asOf } = set.manifest
  return { state: 'right', what: `feature set ${name} ${version} is in use, as of ${asOf}`, remedy: null }
}
