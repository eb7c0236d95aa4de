import { parentPort } from 'node:worker_threads'
import { buildCatalogue } from '../catalogue/build.ts'
import { diffCatalogues } from '../catalogue/diff/diff-catalogues.ts'
import { toYaml } from '../catalogue/to-yaml.ts'
import { parseWritten } from '../documents/read-document.ts'
import type { Json } from '../domain/canonical-json.ts'
import { EmmaError } from '../domain/errors.ts'
import type { Answer, Task } from './reading-task.ts'

// Runs in a thread of its own, see reading-aside.ts.
parentPort!.on('message', ({ id, task }: { id: number; task: Task }) => {
  parentPort!.postMessage({ id, answer: answerOf(task) })
})

function answerOf(task: Task): Answer {
  try {
    if ('from' in task)
      return { changes: diffCatalogues(JSON.parse(task.from) as Json, JSON.parse(task.to) as Json) }
    if ('json' in task) return { yaml: toYaml(JSON.parse(task.json) as Json) }
    const written = parseWritten(task.text, 'catalogue', 'catalogue_invalid')
    buildCatalogue(written, { features: task.features })
    return { json: JSON.stringify(written.value) }
  } catch (error) {
    if (error instanceof EmmaError) return { code: error.code, faults: error.faults }
    const { message, stack } = error as Error
    return { message, stack }
  }
}
