import type { Command } from 'commander'
import { printChangeNote } from '../../catalogue/diff/change-note.ts'
import { readDocument } from '../../documents/read-parts.ts'
import type { Published } from '../../serving/catalogues.ts'
import { group } from '../group.ts'
import { withCatalogues } from '../with-catalogues.ts'

interface Flags {
  readonly note?: string
  readonly expect?: string
  readonly settings?: string
}

/** `emma catalogue publish`, `rollback`, `versions`: the life of a catalogue in the store that STORE_URL names. */
export function registerCataloguePublish(program: Command): void {
  const catalogue = group(program, 'catalogue', 'check, publish, compare and draft catalogues')
  catalogue
    .command('publish')
    .argument('<path>', 'catalogue document, YAML or JSON, or a folder of its parts')
    .description('make a catalogue serve: every running process has it within a second')
    .option('--note <text>', 'why, for those who read the history')
    .option('--expect <version>', 'publish only if this version serves now')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .action(async (path: string, { note, expect, settings }: Flags) => {
      const written = await readDocument(path, 'catalogue_invalid')
      await withCatalogues(settings, async (catalogues) => {
        tell(await catalogues.publish(written, { note: note ?? null, expected: expect }))
      })
    })
  catalogue
    .command('rollback')
    .argument('[version]', 'the version to serve again; what served before by default')
    .description('make an older version serve again')
    .option('--note <text>', 'why, for those who read the history')
    .option('--expect <version>', 'roll back only if this version serves now')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .action(async (to: string | undefined, { note, expect, settings }: Flags) => {
      await withCatalogues(settings, async (catalogues) => {
        tell(await catalogues.rollback({ to, note: note ?? null, expected: expect }))
      })
    })
  catalogue
    .command('versions')
    .description('what was published when, newest first')
    .option('--limit <n>', 'how many', '20')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .action(async ({ limit, settings }: { limit: string; settings?: string }) => {
      await withCatalogues(settings, async (catalogues) => {
        for (const { sequence, version, at, origin, note } of await catalogues.publications(Number(limit))) {
          const why = note === null ? '' : `  ${note}`
          console.log(
            `${String(sequence).padStart(5)}  ${version}  ${new Date(at).toISOString()}  ${origin}${why}`,
          )
        }
      })
    })
}

function tell({ publication, changes, notices }: Published): void {
  console.log(printChangeNote(changes))
  console.log(`\ncatalogue ${publication.version} serves (publication ${publication.sequence})`)
  for (const notice of notices) console.log(`  note: ${notice}`)
}
