import * as ort from 'onnxruntime-node'
import { actions } from './straight/catalogue.ts'
import { COLUMNS, openSession, rowsFor } from './straight/score.ts'

/** As many as the reference decision scores, about. */
const ROWS = 60
const WARM_UP_RUNS = 200

export interface OnnxAlone {
  readonly runsPerSecond: number
  /** In each run. */
  readonly rows: number
}

/** The row-wise model alone, one thread, in this process: the tensor is made once and nothing is done with the answer. */
export async function onnxAlone(seconds: number): Promise<OnnxAlone> {
  const session = await openSession()
  try {
    const features = Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`f16_${i}`, i / 24]))
    const feeds = {
      rows: new ort.Tensor('float32', rowsFor(features, actions.slice(0, ROWS)), [ROWS, COLUMNS]),
    }
    for (let i = 0; i < WARM_UP_RUNS; i++) await session.run(feeds)
    const started = performance.now()
    let runs = 0
    while (performance.now() - started < 1000 * seconds) {
      await session.run(feeds)
      runs++
    }
    return { runsPerSecond: runs / ((performance.now() - started) / 1000), rows: ROWS }
  } finally {
    await session.release()
  }
}
