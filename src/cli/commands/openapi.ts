import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import { describeApi } from '../../http/describe-api.ts'
import { VERSION } from '../../version.ts'

export function registerOpenApi(program: Command): void {
  program
    .command('openapi')
    .description('write the OpenAPI 3.1 document of this version')
    .option('--out <file>', 'file to write; standard output by default')
    .action(async ({ out }: { out?: string }) => {
      const text = `${JSON.stringify(await describeApi(VERSION), null, 2)}\n`
      if (out === undefined) return void process.stdout.write(text)
      await mkdir(dirname(out), { recursive: true })
      await writeFile(out, text)
    })
}
