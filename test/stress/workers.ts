import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Tally, WorkerTask } from './events.ts'

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** Processes that stay for one store after another: starting one, and its first thousand tries, cost more than the others. */
export interface Workers {
  readonly count: number
  run(task: WorkerTask): Promise<Tally>
  stop(): Promise<void>
}

export async function startWorkers(count: number): Promise<Workers> {
  const children = Array.from({ length: count }, () => fork(WORKER, [], { execArgv: ['--import', 'tsx'] }))
  await Promise.all(children.map(answer))
  return {
    count,
    run(task) {
      const child = children[task.worker]!
      child.send(task)
      return answer(child) as Promise<Tally>
    },
    async stop() {
      const ended = children.map((child) => child.exitCode === null && once(child, 'exit'))
      for (const child of children) child.kill()
      await Promise.all(ended)
    },
  }
}

function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a worker ended with ${code} and told nothing`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message)
    })
  })
}
