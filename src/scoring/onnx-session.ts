import * as ort from 'onnxruntime-node'
import type { ModelRows } from '../decide/model-rows.ts'
import { failure } from '../domain/errors.ts'

/** A loaded broadcast model. The only file that knows onnxruntime-node. */
export interface OnnxSession {
  /**
   * One run: a propensity per row, unchecked.
   * `run()` returns a promise but computes on the event loop: keep batches small.
   */
  run(rows: ModelRows): Promise<Float32Array>
  /** Call once, when no run is under way. */
  release(): Promise<void>
}

/** @throws EmmaError `model_invalid` when the bytes are not a model of the broadcast form with this output. */
export async function openOnnxSession(onnx: Uint8Array, output: string, place: string): Promise<OnnxSession> {
  let session: ort.InferenceSession
  try {
    // One thread: the default pool takes every core for a fifth of the speed; Emma scales by processes.
    session = await ort.InferenceSession.create(onnx, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 3,
    })
  } catch (error) {
    throw failure(
      'model_invalid',
      place,
      'onnxruntime cannot load this model',
      'export it again, at an opset that onnxruntime knows',
      error,
    )
  }
  const names = { inputs: [...session.inputNames].sort().join(', '), outputs: session.outputNames }
  // An input that no weight reads is dropped by exporters.
  const expected = ['customer', 'action', 'pair']
  if (session.inputNames.some((name) => !expected.includes(name))) {
    throw failure(
      'model_invalid',
      place,
      `its inputs are ${names.inputs}`,
      'a broadcast model takes customer, action and pair',
    )
  }
  if (!names.outputs.includes(output)) {
    throw failure(
      'model_invalid',
      place,
      `it has no output "${output}", only ${names.outputs.join(', ')}`,
      'name the output in the manifest',
    )
  }
  const wanted = new Set(session.inputNames)
  return {
    async run(rows) {
      const { count, customer, action, pair } = rows
      const feeds: Record<string, ort.Tensor> = {}
      if (wanted.has('customer'))
        feeds.customer = new ort.Tensor('float32', customer, [1, 1, customer.length])
      if (wanted.has('action'))
        feeds.action = new ort.Tensor('float32', action, [count, action.length / count])
      if (wanted.has('pair')) feeds.pair = new ort.Tensor('float32', pair, [1, count, pair.length / count])
      const answer = (await session.run(feeds, [output]))[output]!
      return answer.data as Float32Array
    },
    release: () => session.release(),
  }
}
