import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { failure } from '../../domain/errors.ts'
import { type DraftOptions, draftCatalogue } from '../../features/draft-catalogue.ts'
import { readFeatureManifest, readItems } from '../../features/feature-folder.ts'
import { group } from '../group.ts'

interface Flags extends Omit<DraftOptions, 'asOf'> {
  readonly features: string
  readonly out: string
  readonly force?: true
}

/** `emma catalogue draft`: a first catalogue from the best sellers. */
export function registerCatalogueDraft(program: Command): void {
  group(program, 'catalogue', 'check, publish, compare and draft catalogues')
    .command('draft')
    .description('write a starter catalogue with one offer for every value of a dimension')
    .requiredOption('--features <folder>', 'a feature folder, with its day at the end')
    .requiredOption('--dimension <name>', 'product, category, …')
    .requiredOption('--channel <id>', 'where offers are shown')
    .requiredOption('--placement <id>', 'the slot they are shown in')
    .option('--model <id>', 'the model that scores')
    .requiredOption('--currency <code>', 'ISO 4217, such as EUR')
    .option('--within <time>', 'window of the target conversion, as the model has it', '7d')
    .option('--time-zone <zone>', 'for days and hours', 'UTC')
    .requiredOption('--out <file>', 'the YAML file to write')
    .option('--force', 'overwrite the file')
    .action(async (flags: Flags) => {
      const { features, out, force, ...options } = flags
      const { asOf } = await readFeatureManifest(features)
      const text = draftCatalogue(await readItems(features), { ...options, asOf })
      try {
        await writeFile(out, text, { flag: force ? 'w' : 'wx' })
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
        throw failure(
          'usage_invalid',
          out,
          'this file exists already',
          'name another file, or add --force to overwrite it',
          cause,
        )
      }
      console.log(`${out}: a draft, with placeholder margins; look at it before you serve it`)
    })
}
