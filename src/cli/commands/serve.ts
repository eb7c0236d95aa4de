import type { Command } from 'commander'
import { loadSettings } from '../../config/load.ts'
import { makeLogger } from '../../observe/logger.ts'
import { tellReady } from '../ready.ts'

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('answer decisions over HTTP')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .addHelpText(
      'after',
      '\nSettings: PORT, HOST, WORKERS, STORE_URL, STORE_DURABILITY, CATALOGUE, MODELS, DEADLINE_MS, LOG_LEVEL, SECRET (see README).' +
        '\nWORKERS=4 answers with four processes that share port and store (see docs/workers.md).',
    )
    .action(async ({ settings: file }: { settings?: string }) => serve(file))
}

async function serve(file: string | undefined): Promise<void> {
  const settings = loadSettings(file)
  const logger = makeLogger(settings.LOG_LEVEL)
  // Each reads what it needs: who only starts workers needs neither store nor model.
  if (settings.WORKERS > 1) {
    const { superviseWorkers } = await import('../workers/primary.ts')
    return superviseWorkers(settings, logger)
  }
  const { startServing } = await import('../serving-process.ts')
  const onNotice = (message: string) => logger.warn(message)
  const { ready } = await startServing({ settings, logger, onNotice, otherSignals: [] })
  tellReady(logger, ready)
}
