import { Tensor } from 'onnxruntime-node'
import { type Binding, binding, initOrt } from 'onnxruntime-node/dist/binding.js'
import type { ModelRows } from '../decide/model-rows.ts'
import { failure } from '../domain/errors.ts'

/**
 * A loaded broadcast model. The only file that knows onnxruntime-node: below its `InferenceSession`, which puts each run off
 * to the next turn of the event loop and then computes on it all the same. Meanwhile the processor’s caches would forget the
 * decision that waits, and take up others.
 */
export interface OnnxSession {
  /** One run: a propensity per row, unchecked. It computes on the event loop: keep batches small. */
  run(rows: ModelRows): Float32Array
  /** Call once. */
  release(): void
}

/** @throws EmmaError `model_invalid` when the bytes are not a model of the broadcast form with this output. */
export function openOnnxSession(onnx: Uint8Array, output: string, place: string): OnnxSession {
  initOrt()
  const session: Binding.InferenceSession = new binding.InferenceSession()
  try {
    // One thread: the default pool takes every core for a fifth of the speed; Emma scales by processes.
    session.loadModel(onnx.buffer as ArrayBuffer, onnx.byteOffset, onnx.byteLength, {
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
  const inputs = session.inputMetadata.map(({ name }) => name)
  const outputs = session.outputMetadata.map(({ name }) => name)
  // An input that no weight reads is dropped by exporters.
  const expected = ['customer', 'action', 'pair']
  if (inputs.some((name) => !expected.includes(name))) {
    throw failure(
      'model_invalid',
      place,
      `its inputs are ${[...inputs].sort().join(', ')}`,
      'a broadcast model takes customer, action and pair',
    )
  }
  if (!outputs.includes(output)) {
    throw failure(
      'model_invalid',
      place,
      `it has no output "${output}", only ${outputs.join(', ')}`,
      'name the output in the manifest',
    )
  }
  const wanted = new Set(inputs)
  const fetches = { [output]: null }
  return {
    run({ count, customer, action, pair }) {
      const feeds: Record<string, Tensor> = {}
      if (wanted.has('customer')) feeds.customer = new Tensor('float32', customer, [1, 1, customer.length])
      if (wanted.has('action')) feeds.action = new Tensor('float32', action, [count, action.length / count])
      if (wanted.has('pair')) feeds.pair = new Tensor('float32', pair, [1, count, pair.length / count])
      return (session.run(feeds, fetches, {})[output] as Tensor).data as Float32Array
    },
    release: () => session.dispose(),
  }
}
