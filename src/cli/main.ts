import { Command } from 'commander'
import { VERSION } from '../compose.ts'
import { registerCatalogueCheck } from './commands/catalogue-check.ts'
import { registerCatalogueDiff } from './commands/catalogue-diff.ts'
import { registerCatalogueDraft } from './commands/catalogue-draft.ts'
import { registerCataloguePublish } from './commands/catalogue-publish.ts'
import { registerCatalogueSchema } from './commands/catalogue-schema.ts'
import { registerDatasetExport } from './commands/dataset-export.ts'
import { registerDecide } from './commands/decide.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerFeaturesBuild } from './commands/features-build.ts'
import { registerFeaturesLoad } from './commands/features-load.ts'
import { registerLoadRows } from './commands/load-rows.ts'
import { registerModelCheck } from './commands/model-check.ts'
import { registerOpenApi } from './commands/openapi.ts'
import { registerServe } from './commands/serve.ts'
import { fail } from './fail.ts'

const program = new Command('emma')
  .description('Which offer or activity is right for this customer, on this channel, now.')
  .version(VERSION)
  .showHelpAfterError('(emma --help tells how)')
  .exitOverride((error) => {
    // Commander has printed what is wrong.
    process.exit(error.exitCode === 0 ? 0 : 2)
  })

registerServe(program)
registerDecide(program)
registerFeaturesBuild(program)
registerFeaturesLoad(program)
registerLoadRows(program)
registerCatalogueDraft(program)
registerCatalogueCheck(program)
registerCatalogueDiff(program)
registerCataloguePublish(program)
registerCatalogueSchema(program)
registerDatasetExport(program)
registerModelCheck(program)
registerDoctor(program)
registerOpenApi(program)

// A reader that has seen enough (| head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  fail(error)
}
