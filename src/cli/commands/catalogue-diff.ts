import type { Command } from 'commander'
import { printChangeNote } from '../../catalogue/diff/change-note.ts'
import { readDocument } from '../../documents/read-parts.ts'
import { failure } from '../../domain/errors.ts'
import { group } from '../group.ts'
import { withStoredCatalogues } from '../with-catalogues.ts'

interface Flags {
  readonly from?: string
  readonly to?: string
  readonly settings?: string
}

/** `emma catalogue diff`: a change note, of a document that is not published yet or between two versions. */
export function registerCatalogueDiff(program: Command): void {
  group(program, 'catalogue', 'check, publish, compare and draft catalogues')
    .command('diff')
    .argument(
      '[path]',
      'what publishing this document would change; without it, what the last publication changed',
    )
    .description('tell what is different, as a change note')
    .option('--from <version>', 'an older version; what served before --to by default')
    .option('--to <version>', 'a newer version; what serves now by default')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .action(async (path: string | undefined, { from, to, settings }: Flags) => {
      if (path !== undefined && (from ?? to) !== undefined)
        throw failure(
          'usage_invalid',
          '--from',
          'a path is compared with what serves',
          'leave out --from and --to',
        )
      const written = path === undefined ? null : await readDocument(path, 'catalogue_invalid')
      await withStoredCatalogues(settings, async (catalogues) => {
        if (written !== null) {
          const { catalogue, changes } = await catalogues.check(written)
          const { version } = await catalogues.serving()
          console.log(`${version} → ${catalogue.version}\n${printChangeNote(changes)}`)
          return
        }
        const compared = await catalogues.compare({ from, to })
        console.log(`${compared.from} → ${compared.to}\n${printChangeNote(compared.changes)}`)
      })
    })
}
