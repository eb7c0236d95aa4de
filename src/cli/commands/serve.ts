import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import { compose } from '../../compose.ts'
import { loadSettings } from '../../config/load.ts'
import { failure } from '../../domain/errors.ts'
import { makeApp } from '../../http/app.ts'
import { makeLogger } from '../../observe/logger.ts'
import { makeTroubleLog } from '../../observe/trouble-log.ts'
import { warmUp } from '../../serving/warm-up.ts'
import { isFailedCommit } from '../../stores/embedded/failed-commit.ts'
import { VERSION } from '../../version.ts'

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('answer decisions over HTTP')
    .option('--settings <file>', 'YAML file of settings; the environment wins over it')
    .addHelpText(
      'after',
      '\nSettings: PORT, HOST, STORE_URL, STORE_DURABILITY, CATALOGUE, MODELS, DEADLINE_MS, LOG_LEVEL, SECRET (see README).',
    )
    .action(async ({ settings: file }: { settings?: string }) => serve(file))
}

async function serve(file: string | undefined): Promise<void> {
  const settings = loadSettings(file)
  const logger = makeLogger(settings.LOG_LEVEL)
  const onTrouble = makeTroubleLog(logger, Date.now)
  const emma = await compose(
    settings,
    {
      onProgress: (message) => logger.info(message),
      onNotice: (message) => logger.warn(message),
      onTrouble,
    },
    { waitsForStore: true },
  )
  await warmUp(emma.decide, emma.serving().catalogue, Date.now())
  const app = await makeApp({ ...emma, logger, version: VERSION, checkReplies: false })
  let url: string
  try {
    url = await app.listen({ port: settings.PORT, host: settings.HOST, backlog: 4096 })
  } catch (error) {
    await emma.close()
    const { code } = error as NodeJS.ErrnoException
    throw failure(
      'address_unavailable',
      `${settings.HOST}:${settings.PORT}`,
      `this address cannot be listened on (${code})`,
      'end the program that uses it, or set another PORT',
      error,
    )
  }
  // Only now: it would turn the end of a server that could not listen into a success.
  closeWithGrace({ delay: 10_000, logger: false, skip: ['unhandledRejection'] }, async ({ err }) => {
    if (err) logger.fatal({ error: { message: err.message, stack: err.stack } }, 'stopping after a failure')
    await app.close()
    await emma.close()
    logger.info('stopped')
  })
  process.on('unhandledRejection', (error) => {
    // A full disk fails a write, and its caller was told; what the store holds is served all the same.
    if (!isFailedCommit(error)) throw error
    onTrouble(
      failure('store_unavailable', 'store', 'a write did not reach the disk', 'check disk space', error),
    )
  })
  const { versions, degraded } = await emma.readiness()
  logger.info(
    { ...versions, degraded, actions: emma.serving().catalogue.actions.length },
    'no API keys: serving this machine only, with all scopes',
  )
  logger.info(`Emma is ready on ${url} (docs: ${url}/docs)`)
}
