import cluster from 'node:cluster'
import type { Settings } from '../../config/schema.ts'
import { failure } from '../../domain/errors.ts'
import type { Logger } from '../../observe/logger.ts'
import { type Ready, tellReady } from '../ready.ts'
import { makeCounts } from './counts.ts'
import { ENDING_SIGNALS } from './messages.ts'
import { makePauses } from './pauses.ts'
import { type Ending, makeSeat, type Seat, type SeatParts } from './seat.ts'

/** A worker waits 10 s for what it has begun; one that has not ended by then hangs. */
const LONGEST_END_MS = 12_000
/** A second signal so soon is the same wish: npm passes on what its terminal has told to all. */
const SAME_WISH_MS = 1_000

/**
 * Starts workers that share port and store, and another one where one dies, until a signal ends them all, and with them
 * this process. The first fills an empty store; the others are started when it answers.
 * @throws EmmaError when the first is killed before it answers. If it fails by itself it has said why, and this process
 *   ends with its exit code.
 */
export async function superviseWorkers(settings: Settings, logger: Logger): Promise<void> {
  if (!cluster.isPrimary)
    throw failure(
      'settings_invalid',
      'WORKERS',
      'this process is itself a worker of the program that started it',
      'unset WORKERS, and let that program start several',
    )
  // The same program with the same flags of Node, and another command.
  cluster.setupPrimary({ args: ['serve-worker'] })
  const counts = makeCounts()
  const firstStarts = new Map<Seat, (fate: Ready | Ending) => void>()
  /** Where the first one answered; all others answer there. */
  let url: string | null = null
  let port = settings.PORT
  let isEnding = false
  let exitCode = 0

  const seats = Array.from({ length: settings.WORKERS }, (_, index) => {
    const pauseAfter = makePauses()
    const parts: SeatParts = {
      number: index + 1,
      settings: () => ({ ...settings, PORT: port }),
      hasOthers: () => seats.some((other) => other !== seat && other.isReady()),
      onReady(worker, ready) {
        counts.onReady(worker.id, () => worker.tell({ emma: 'tell-counts' }))
        url ??= ready.url
        if (isEnding) seat.stop()
        // It was started when another still had the port, which then died before this one listened.
        else if (ready.url !== url) seat.kill()
        else if (!settleFirst(seat, ready)) logger.info({ worker: seat.number }, 'the worker answers again')
      },
      async onMessage(worker, message) {
        if (message.emma === 'counts') return counts.onTold(worker.id, message.counts)
        const { question, own } = message
        counts.onTold(worker.id, own)
        worker.tell({ emma: 'counts-of-others', question, counts: await counts.ofOthers(worker.id) })
      },
      onEnded(worker, ending) {
        counts.onGone(worker.id)
        if (isEnding) return onLast(ending)
        const isFirstStart = settleFirst(seat, ending)
        if (isFirstStart && seat.number === 1) return
        // With the last worker goes the port; one that was free by chance would not be found by chance again.
        if (url !== null && port === 0 && !seats.some((other) => other.isReady()))
          port = Number(new URL(url).port)
        startAgain(seat, ending, pauseAfter(ending.livedMs))
      },
    }
    const seat = makeSeat(parts)
    return seat
  })

  function settleFirst(seat: Seat, fate: Ready | Ending): boolean {
    firstStarts.get(seat)?.(fate)
    return firstStarts.delete(seat)
  }

  function startFirst(seat: Seat): Promise<Ready | Ending> {
    return new Promise((settle) => {
      firstStarts.set(seat, settle)
      seat.start(seat.number === 1)
    })
  }

  function startAgain(seat: Seat, { why, pid, code }: Ending, pauseMs: number): void {
    const when = pauseMs === 0 ? 'at once' : `in ${pauseMs / 1_000} s`
    logger.error(
      { worker: seat.number, pid, code },
      `worker ${seat.number} ${why}: another is started ${when}`,
    )
    setTimeout(() => {
      if (!isEnding) seat.start(false)
    }, pauseMs)
  }

  function onLast({ code, why }: Ending): void {
    // One that hung, or could not finish in time.
    if ((code !== null && code !== 0) || why.endsWith('SIGKILL')) exitCode = 1
    endWhenEmpty()
  }

  function endWhenEmpty(): void {
    if (!seats.every((seat) => seat.isEmpty())) return
    logger.info('stopped')
    process.exit(exitCode)
  }

  function cutOff(): void {
    for (const seat of seats) seat.kill()
  }

  let firstWish = 0
  function onSignal(): void {
    if (isEnding) {
      if (performance.now() - firstWish > SAME_WISH_MS) cutOff()
      return
    }
    isEnding = true
    firstWish = performance.now()
    for (const seat of seats) seat.stop()
    setTimeout(cutOff, LONGEST_END_MS)
    endWhenEmpty()
  }
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal)

  const [first, ...others] = seats as [Seat, ...Seat[]]
  const fate = await startFirst(first)
  if (!('url' in fate)) {
    if (fate.code !== null) process.exit(fate.code)
    throw failure('internal_error', 'worker 1', `it ${fate.why} before it answered`, 'look for what ended it')
  }
  await Promise.all(others.map(startFirst))
  const answering = seats.filter((seat) => seat.isReady()).length
  const all = seats.length
  tellReady(logger, fate, ` with ${answering === all ? all : `${answering} of ${all}`} workers`)
}
