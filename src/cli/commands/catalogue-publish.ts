import { type Command, InvalidArgumentError } from 'commander'
import { printChangeNote } from '../../catalogue/diff/change-note.ts'
import { readDocument } from '../../documents/read-parts.ts'
import type { Published } from '../../serving/catalogues.ts'
import { group } from '../group.ts'
import { withCatalogues, withStoredCatalogues } from '../with-catalogues.ts'

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
        tell(
          await catalogues.publish(written, {
            note: note ?? null,
            expected: expect === undefined ? undefined : [expect],
          }),
        )
      })
    })
  catalogue
    .command('rollback')
    .argument('[version]', 'the version to serve again; what served before by default')
    .description('make an older version serve again; without one, twice is there and back')
    .option('--note <text>', 'why, for those who read the history')
    .option('--expect <version>', 'roll back only if this version serves now')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .action(async (to: string | undefined, { note, expect, settings }: Flags) => {
      await withStoredCatalogues(settings, async (catalogues) => {
        tell(
          await catalogues.rollback({
            to,
            note: note ?? null,
            expected: expect === undefined ? undefined : [expect],
          }),
        )
      })
    })
  catalogue
    .command('versions')
    .description('what was published when, newest first')
    .option('--limit <n>', 'how many', atLeastOne, 20)
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .action(async ({ limit, settings }: { limit: number; settings?: string }) => {
      await withStoredCatalogues(settings, async (catalogues) => {
        const publications = await catalogues.publications(limit)
        if (publications.length === 0) console.log('no catalogue was published yet')
        for (const { sequence, version, at, origin, note } of publications) {
          const why = note === null ? '' : `  ${note}`
          console.log(
            `${String(sequence).padStart(5)}  ${version}  ${new Date(at).toISOString()}  ${origin}${why}`,
          )
        }
      })
    })
}

function tell({ published, publication, changes, notices }: Published): void {
  if (!published) {
    console.log(`nothing to publish: catalogue ${publication.version} serves already`)
    return
  }
  // There is none to compare the first one with.
  if (changes.length > 0) console.log(`${printChangeNote(changes)}\n`)
  console.log(`catalogue ${publication.version} serves (publication ${publication.sequence})`)
  for (const notice of notices) console.log(`  note: ${notice}`)
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.')
  return Number(text)
}
