import type { Command } from 'commander'
import { catalogueJsonSchema } from '../../catalogue/json-schema.ts'
import { group } from '../group.ts'

export function registerCatalogueSchema(program: Command): void {
  group(program, 'catalogue', 'check, publish, compare and draft catalogues')
    .command('schema')
    .description('print the JSON Schema of the catalogue document, for editors')
    .addHelpText(
      'after',
      '\nSave it and begin a YAML file with: # yaml-language-server: $schema=catalogue.schema.json',
    )
    .action(() => console.log(JSON.stringify(catalogueJsonSchema(), null, 2)))
}
