import type { Command } from 'commander'
import { runWorker } from '../workers/worker.ts'

/** Not for people: `emma serve` starts its workers so. */
export function registerServeWorker(program: Command): void {
  program
    .command('serve-worker', { hidden: true })
    .description('one of the processes that emma serve starts when WORKERS is set')
    .action(runWorker)
}
