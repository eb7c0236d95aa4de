import { Command } from 'commander'
import { VERSION } from '../version.ts'
import { fail } from './fail.ts'

type Register = (program: Command) => void

/** By first word. What a command needs is read from the disk for that command alone: a short one is not to wait for all. */
const COMMANDS: readonly (readonly [word: string, load: () => Promise<Register>])[] = [
  ['serve', async () => (await import('./commands/serve.ts')).registerServe],
  ['serve-worker', async () => (await import('./commands/serve-worker.ts')).registerServeWorker],
  ['decide', async () => (await import('./commands/decide.ts')).registerDecide],
  ['features', async () => (await import('./commands/features-build.ts')).registerFeaturesBuild],
  ['features', async () => (await import('./commands/features-load.ts')).registerFeaturesLoad],
  ['load', async () => (await import('./commands/load-rows.ts')).registerLoadRows],
  ['catalogue', async () => (await import('./commands/catalogue-draft.ts')).registerCatalogueDraft],
  ['catalogue', async () => (await import('./commands/catalogue-check.ts')).registerCatalogueCheck],
  ['catalogue', async () => (await import('./commands/catalogue-diff.ts')).registerCatalogueDiff],
  ['catalogue', async () => (await import('./commands/catalogue-publish.ts')).registerCataloguePublish],
  ['catalogue', async () => (await import('./commands/catalogue-schema.ts')).registerCatalogueSchema],
  ['dataset', async () => (await import('./commands/dataset-export.ts')).registerDatasetExport],
  ['model', async () => (await import('./commands/model-check.ts')).registerModelCheck],
  ['doctor', async () => (await import('./commands/doctor.ts')).registerDoctor],
  ['openapi', async () => (await import('./commands/openapi.ts')).registerOpenApi],
]

const program = new Command('emma')
  .description('Which offer or activity is right for this customer, on this channel, now.')
  .version(VERSION)
  .showHelpAfterError('(emma --help tells how)')
  .exitOverride((error) => {
    // Commander has printed what is wrong.
    process.exit(error.exitCode === 0 ? 0 : 2)
  })

const word = process.argv[2]
const asked = COMMANDS.filter(([first]) => first === word)
const wanted = asked.length > 0 || word === '--version' ? asked : COMMANDS
for (const register of await Promise.all(wanted.map(([, load]) => load()))) register(program)

// A reader that has seen enough (| head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  fail(error)
}
