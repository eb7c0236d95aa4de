import closeWithGrace from 'close-with-grace'
import { compose } from '../compose.ts'
import type { Settings } from '../config/schema.ts'
import { failure } from '../domain/errors.ts'
import { makeApp } from '../http/app.ts'
import type { Logger } from '../observe/logger.ts'
import type { Metrics } from '../observe/metrics.ts'
import { makeTroubleLog } from '../observe/trouble-log.ts'
import { warmUp } from '../serving/warm-up.ts'
import { isFailedCommit } from '../stores/embedded/failed-commit.ts'
import { VERSION } from '../version.ts'
import type { Ready } from './ready.ts'

/** Longest that requests which have begun are waited for. */
const GRACE_MS = 10_000

export interface ServingParts {
  readonly settings: Settings
  readonly logger: Logger
  /** Told what is not as somebody might expect, though nothing is broken. */
  onNotice(message: string): void
  /** What `/metrics` tells instead of what this process alone has counted. */
  metricsText?(own: Metrics): Promise<string>
  /** Signals that somebody else heeds. */
  readonly otherSignals: readonly closeWithGrace.AllEvents[]
}

export interface ServingProcess {
  readonly ready: Ready
  readonly metrics: Metrics
  /** Finishes what has begun, then ends this process; 10 s at most. */
  stop(): void
}

/**
 * Makes this process answer over HTTP until a signal, or `stop`, ends it.
 * @throws EmmaError when settings, store, catalogue or address cannot be used
 */
export async function startServing(parts: ServingParts): Promise<ServingProcess> {
  const { settings, logger, onNotice, metricsText, otherSignals } = parts
  const onTrouble = makeTroubleLog(logger, Date.now)
  const onProgress = (message: string) => logger.info(message)
  const emma = await compose(settings, { onProgress, onNotice, onTrouble }, { waitsForStore: true })
  const metrics =
    metricsText === undefined ? emma.metrics : { ...emma.metrics, text: () => metricsText(emma.metrics) }
  await warmUp(emma.decide, emma.serving().catalogue, Date.now())
  const app = await makeApp({ ...emma, metrics, logger, version: VERSION, checkReplies: false })
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
  let isClosing = false
  // Only now: it would turn the end of a server that could not listen into a success.
  const grace = closeWithGrace(
    { delay: GRACE_MS, logger: false, skip: ['unhandledRejection', ...otherSignals] },
    async ({ err }) => {
      isClosing = true
      if (err) logger.fatal({ error: { message: err.message, stack: err.stack } }, 'stopping after a failure')
      await app.close()
      await emma.close()
      logger.info('stopped')
    },
  )
  process.on('unhandledRejection', (error) => {
    // A full disk fails a write, and its caller was told; what the store holds is served all the same.
    if (!isFailedCommit(error)) throw error
    onTrouble(
      failure('store_unavailable', 'store', 'a write did not reach the disk', 'check disk space', error),
    )
  })
  const { versions, degraded } = await emma.readiness()
  return {
    ready: { url, versions, degraded, actions: emma.serving().catalogue.actions.length },
    metrics: emma.metrics,
    stop() {
      if (!isClosing) void grace.close()
    },
  }
}
