import { setImmediate as othersTurn } from 'node:timers/promises'
import type { ModelRows } from '../decide/model-rows.ts'
import { failure } from '../domain/errors.ts'
import type { Golden } from '../domain/model.ts'
import type { OnnxSession } from './onnx-session.ts'

/** Batch sizes a model must answer alike: one row, an odd few, a page full. */
export const GOLDEN_BATCHES = [1, 7, 100] as const

/**
 * Runs the golden rows in batches of 1, 7 and 100 and compares every answer with what the training framework said.
 * It also warms the session up, so that the first customer does not wait for it.
 * @returns the largest difference seen.
 * @throws EmmaError `model_invalid` beyond the golden file’s tolerance.
 */
export async function runGolden(session: OnnxSession, golden: Golden, place: string): Promise<number> {
  let largest = 0
  for (const size of GOLDEN_BATCHES) {
    for (let from = 0; from + size <= golden.expected.length; from += size) {
      // Requests that come meanwhile are not to wait for all of it.
      await othersTurn()
      const answers = session.run(goldenRows(golden, from, size))
      for (let i = 0; i < size; i++) {
        const difference = Math.abs(answers[i]! - golden.expected[from + i]!)
        // NaN compares false with everything.
        if (!(difference <= golden.tolerance)) {
          throw failure(
            'model_invalid',
            place,
            `golden row ${from + i} answers ${answers[i]} at batch ${size}, expected ${golden.expected[from + i]}`,
            'the model is not the one that was trained, or runs differently here: export it again',
          )
        }
        largest = Math.max(largest, difference)
      }
    }
  }
  return largest
}

/** `size` golden rows from row `from` on. */
export function goldenRows(golden: Golden, from: number, size: number): ModelRows {
  return {
    count: size,
    customer: Float32Array.from(golden.customer),
    action: Float32Array.from(golden.action.slice(from, from + size).flat()),
    pair: Float32Array.from(golden.pair.slice(from, from + size).flat()),
  }
}
