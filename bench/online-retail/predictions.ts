import { runGolden } from '../../src/scoring/golden.ts'
import { readModelFolder } from '../../src/scoring/model-folder.ts'
import { openOnnxSession } from '../../src/scoring/onnx-session.ts'
import type { Prediction } from './measures.ts'
import type { Block } from './test-set.ts'

/** Probabilities [B, N] of a model folder, by the session that serves, one customer a run. */
export async function predictWithModel(folder: string, block: Block): Promise<Float64Array> {
  const { manifest, golden, onnx } = await readModelFolder(folder)
  const session = openOnnxSession(onnx, manifest.output.name, folder)
  await runGolden(session, golden, folder)
  const { customers, actions, customer, action, pair } = block
  const fc = customer.length / customers
  const fp = pair.length / customers
  const all = new Float64Array(customers * actions)
  for (let b = 0; b < customers; b++) {
    const answer = session.run({
      count: actions,
      customer: customer.subarray(b * fc, (b + 1) * fc),
      action,
      pair: pair.subarray(b * fp, (b + 1) * fp),
    })
    all.set(answer, b * actions)
  }
  session.release()
  return all
}

/** A method that ranks by its own probability. */
export function predictionsOf(name: string, probability: Float64Array): Prediction {
  return { name, score: probability, probability }
}
