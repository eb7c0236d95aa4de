import { Worker } from 'node:worker_threads'
import type { Change } from '../catalogue/diff/change.ts'
import { diffCatalogues } from '../catalogue/diff/diff-catalogues.ts'
import { toYaml } from '../catalogue/to-yaml.ts'
import { parseWritten, type WrittenDocument } from '../documents/read-document.ts'
import type { Json } from '../domain/canonical-json.ts'
import { EmmaError, failure } from '../domain/errors.ts'
import type { FeatureSet } from '../domain/feature-set.ts'
import type { Answer, Task } from './reading-task.ts'
import { stored } from './stored-document.ts'

/** Reads and compares large documents in a thread of its own, so that decisions go on meanwhile. */
export interface ReadingAside {
  /**
   * A catalogue’s text as a document that is known to be valid. Its faults have been told with their lines; what it
   * gives has none left.
   * @throws EmmaError `catalogue_invalid` with every fault
   */
  read(text: string): Promise<WrittenDocument>
  diff(from: Json, to: Json): Promise<readonly Change[]>
  /** YAML that reads back as the very same value. */
  yaml(document: Json): Promise<string>
  close(): Promise<void>
}

/** Shorter ones, in UTF-16 code units, are read at once: that takes less time than a thread takes to start. */
const SHORT = 8_192
/** What takes longer is no catalogue: ten thousand actions take some five seconds. */
const DEADLINE_MS = 60_000
/** What needs more is none either. */
const MOST_MEGABYTES = 2_048
/** The thread ends when nobody has asked for so long. */
const IDLE_MS = 60_000

interface Asked {
  resolve(answer: Answer): void
  reject(error: Error): void
}

export function makeReadingAside(featureSet: () => Promise<FeatureSet | null>): ReadingAside {
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let last = 0
  const asked = new Map<number, Asked>()

  function start(): Worker {
    const started = new Worker(new URL('./reading-worker.ts', import.meta.url), {
      execArgv: ['--import', READS_TYPESCRIPT],
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    })
    started.on('message', ({ id, answer }: { id: number; answer: Answer }) => {
      asked.get(id)?.resolve(answer)
      asked.delete(id)
      if (asked.size === 0) rest(started)
    })
    started.on('error', (error: NodeJS.ErrnoException) =>
      end(started, error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch('memory') : error),
    )
    started.on('exit', () => end(started, new Error('the thread that reads catalogues ended')))
    return started
  }

  function rest(resting: Worker): void {
    // Neither the thread nor the timer keeps the process alive.
    resting.unref()
    idle = setTimeout(() => {
      // Whoever asks from now on starts another one.
      end(resting, new Error('the thread that reads catalogues rests'))
      void resting.terminate()
    }, IDLE_MS)
    idle.unref()
  }

  function end(ended: Worker, error: Error): void {
    if (worker !== ended) return
    worker = null
    clearTimeout(idle)
    for (const { reject } of asked.values()) reject(error)
    asked.clear()
  }

  async function ask(task: Task): Promise<Answer> {
    clearTimeout(idle)
    worker ??= start()
    worker.ref()
    const id = ++last
    const asking = worker
    const deadline = setTimeout(() => {
      end(asking, tooMuch('time'))
      void asking.terminate()
    }, DEADLINE_MS)
    const answer = await new Promise<Answer>((resolve, reject) => {
      asked.set(id, { resolve, reject })
      asking.postMessage({ id, task })
    }).finally(() => clearTimeout(deadline))
    if ('faults' in answer) throw new EmmaError(answer.code, answer.faults)
    if ('message' in answer) throw Object.assign(new Error(answer.message), { stack: answer.stack })
    return answer
  }

  return {
    async read(text) {
      if (text.length < SHORT) return parseWritten(text, 'catalogue', 'catalogue_invalid')
      const set = await featureSet()
      const features = set === null ? null : new Set(set.indexOf.keys())
      const { json } = (await ask({ text, features })) as { json: string }
      return stored(JSON.parse(json) as Json)
    },
    async diff(from, to) {
      const task = { from: JSON.stringify(from), to: JSON.stringify(to) }
      if (task.from.length + task.to.length < 2 * SHORT) return diffCatalogues(from, to)
      return ((await ask(task)) as { changes: readonly Change[] }).changes
    },
    async yaml(document) {
      const json = JSON.stringify(document)
      if (json.length < SHORT) return toYaml(document)
      return ((await ask({ json })) as { yaml: string }).yaml
    },
    async close() {
      const ending = worker
      if (ending !== null) end(ending, new Error('Emma is stopping'))
      await ending?.terminate()
    },
  }
}

/** One thread reads for all: whoever waits behind such a document may send his own again. */
function tooMuch(of: 'memory' | 'time'): EmmaError {
  const what = `a document takes too much ${of} to be read`
  return failure('payload_too_large', 'catalogue', what, 'make it smaller, or send yours again if it is not')
}

/** As emma.mjs does it, and by address: Emma may be called from any folder. */
const READS_TYPESCRIPT = new URL('../typescript/register.mjs', import.meta.url).href
