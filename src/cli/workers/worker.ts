import cluster from 'node:cluster'
import { failure } from '../../domain/errors.ts'
import { makeLogger } from '../../observe/logger.ts'
import type { Metrics } from '../../observe/metrics.ts'
import { sumOfCounts } from '../../observe/summed-metrics.ts'
import { fail } from '../fail.ts'
import { type ServingProcess, startServing } from '../serving-process.ts'
import { ENDING_SIGNALS, type ToPrimary, type ToWorker } from './messages.ts'

/** The primary answers sooner, whoever hangs; only if it hangs itself it does not. */
const PATIENCE_MS = 5_000

type Start = Extract<ToWorker, { emma: 'start' }>

/**
 * Serves as one of several processes, as the primary tells it. When the primary is gone Node ends this process at once.
 * @throws EmmaError `usage_invalid` when no primary has started it
 */
export async function runWorker(): Promise<void> {
  if (!cluster.isWorker || process.send === undefined)
    throw failure(
      'usage_invalid',
      'serve-worker',
      'only emma serve can start it',
      'set WORKERS and run emma serve',
    )
  let serving: ServingProcess | null = null
  // Ctrl-C reaches every process of a terminal, and the primary tells it once more: the second time is no second wish.
  const stop = () => (serving === null ? process.exit(0) : serving.stop())
  for (const signal of ENDING_SIGNALS) process.on(signal, stop)

  const others = makeOthers()
  const started = new Promise<Start>((resolve) => {
    process.on('message', (message: ToWorker) => {
      if (message.emma === 'start') resolve(message)
      else if (message.emma === 'stop') stop()
      else if (message.emma === 'counts-of-others') others.onCounts(message.question, message.counts)
      else if (message.emma === 'tell-counts') void tellCounts(serving)
    })
  })
  tell({ emma: 'listening' })
  const { number, tellsNotices, settings } = await started
  const logger = makeLogger(settings.LOG_LEVEL, number)
  try {
    serving = await startServing({
      settings,
      logger,
      onNotice(message) {
        if (tellsNotices || serving !== null) logger.warn(message)
        else logger.debug(message)
      },
      async metricsText(own) {
        const counts = await own.counts({ ofStore: true })
        return sumOfCounts([counts, ...(await others.ask(counts))])
      },
      otherSignals: ENDING_SIGNALS,
    })
  } catch (error) {
    fail(error)
    // The channel to the primary would keep it alive.
    process.exit()
  }
  tell({ emma: 'ready', ready: serving.ready })
}

function tell(message: ToPrimary): void {
  // A primary that is gone hears nothing, and this process ends.
  process.send?.(message, undefined, undefined, () => {})
}

async function tellCounts(serving: { readonly metrics: Metrics } | null): Promise<void> {
  if (serving === null) return
  tell({ emma: 'counts', counts: await serving.metrics.counts({ ofStore: false }) })
}

/** Asks the primary what the other workers have counted. */
function makeOthers() {
  let questions = 0
  const open = new Map<number, (counts: readonly string[]) => void>()
  return {
    onCounts(question: number, counts: readonly string[]): void {
      open.get(question)?.(counts)
    },
    /** @throws EmmaError `not_ready` when the primary does not answer: a part for the whole would look like a fall. */
    async ask(own: string): Promise<readonly string[]> {
      const question = ++questions
      let timer: NodeJS.Timeout | undefined
      try {
        return await new Promise((resolve, reject) => {
          open.set(question, resolve)
          timer = setTimeout(() => reject(silence()), PATIENCE_MS)
          tell({ emma: 'ask-others', question, own })
        })
      } finally {
        clearTimeout(timer)
        open.delete(question)
      }
    },
  }
}

function silence() {
  return failure(
    'not_ready',
    'workers',
    'what the other workers have counted cannot be asked',
    'ask again; look for a process that uses all of a core',
  )
}
