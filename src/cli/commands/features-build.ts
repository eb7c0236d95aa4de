import type { Command } from 'commander'
import { buildFeatures } from '../../features/build.ts'
import { group } from '../group.ts'

interface Flags {
  readonly mapping: string
  readonly data: string
  readonly asOf: string[]
  readonly out: string
}

/** `emma features build`: computes the starter feature set from plain files. */
export function registerFeaturesBuild(program: Command): void {
  group(program, 'features', 'build and load feature sets')
    .command('build')
    .description('compute the starter feature set from transaction and customer files')
    .requiredOption('--mapping <file>', 'which columns of which files are what (emma/mapping-v1)')
    .requiredOption('--data <folder>', 'where the files are')
    .requiredOption(
      '--as-of <day...>',
      'yyyy-mm-dd; features know what happened before it; may be given more than once',
    )
    .requiredOption('--out <folder>', 'gets one feature folder a day')
    .addHelpText('after', '\nExit code 3: built, but some rows could not be read.')
    .action(async (flags: Flags) => {
      let leftOut = 0
      const built = await buildFeatures({
        mapping: flags.mapping,
        dataFolder: flags.data,
        asOf: flags.asOf,
        outFolder: flags.out,
        onProgress: (line) => console.error(line),
        onLeftOut: (count) => {
          leftOut += count
        },
      })
      for (const { folder, manifest } of built) {
        console.log(
          `${folder}: version ${manifest.version}, ${manifest.rows} customers, ${manifest.features.length} features`,
        )
      }
      if (leftOut > 0) process.exitCode = 3
    })
}
