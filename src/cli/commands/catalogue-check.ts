import type { Command } from 'commander'
import { readCatalogue } from '../../compose.ts'
import { group } from '../group.ts'

export function registerCatalogueCheck(program: Command): void {
  group(program, 'catalogue', 'check and draft catalogues')
    .command('check')
    .argument('<path>', 'catalogue document, YAML or JSON, or a folder of its parts')
    .description('check a catalogue: every fault with its place, or what is in it')
    .action(check)
}

async function check(file: string): Promise<void> {
  const catalogue = await readCatalogue(file)
  console.log(
    `catalogue ${catalogue.version} is valid: ${catalogue.actions.length} actions, ${catalogue.placements.size} placements`,
  )
  if (catalogue.model === undefined && catalogue.actions.some(({ minPropensity }) => minPropensity > 0)) {
    console.log(
      '  no model is named: every propensity is a prior of 0.01, and no minPropensity is held against it',
    )
  }
  for (const { id, channel } of catalogue.placements.values()) {
    const plays = catalogue.plays.get(id)!.length
    console.log(`  ${channel}/${id}: ${plays} actions${plays === 0 ? ' — nothing can ever play here' : ''}`)
  }
}
