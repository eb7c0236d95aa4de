import type { Command } from 'commander'
import { exportDataset } from '../../dataset/export.ts'
import { group } from '../group.ts'

interface Flags {
  readonly spec: string
  readonly data: string
  readonly features: string
  readonly out: string
}

const FILES = `
Files (little-endian; R rows, F inputs):
  rows.f32      [R,F] customer inputs, then action, then pair
  labels.u8     [R]   1 where the target happened
  customer.u32  [R]   line of customers.txt, from 0
  action.u16    [R]   line of actions.txt, from 0
  asof.u8       [R]   position in asOf of dataset.json
  split.u8      [R]   0 train, 1 dev, 2 held out
  dataset.json        rows, widths, inputs, versions, what was left out`

/** `emma dataset export`: training data, by the code that serves. */
export function registerDatasetExport(program: Command): void {
  group(program, 'dataset', 'export training data')
    .command('export')
    .description('write training data whose inputs come from the code that serves')
    .requiredOption('--spec <file>', 'what a row is (emma/dataset-v1)')
    .requiredOption('--data <folder>', 'where the transaction or response files are')
    .requiredOption('--features <folder>', 'what emma features build wrote')
    .requiredOption('--out <folder>', 'where to write')
    .addHelpText('after', FILES)
    .action(async (flags: Flags) => {
      const manifest = await exportDataset({
        specFile: flags.spec,
        dataFolder: flags.data,
        featuresFolder: flags.features,
        outFolder: flags.out,
        onProgress: (line) => console.error(line),
      })
      console.log(
        `${flags.out}: ${manifest.rows} rows of ${manifest.customers} customers, base rate ${manifest.baseRate.toFixed(4)}`,
      )
    })
}
