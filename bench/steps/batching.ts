/**
 * Would it pay to score several requests in one run of the model? One run for 1, 2, 4, 8 and 16 customers and the same 60
 * actions, with as much other work between two runs as so many decisions do beside it.
 */
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Tensor } from 'onnxruntime-node'
import { type Binding, binding, initOrt } from 'onnxruntime-node/dist/binding.js'
import { digits, loadText, percent, publish } from '../measuring/figures.ts'
import { median } from '../measuring/statistics.ts'
import { MODELS } from '../reference/emma.ts'
import { inProcess } from '../reference/in-process.ts'

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, help: { type: 'boolean' } },
})
if (options.help) {
  console.log('node --import tsx bench/steps/batching.ts [--rounds 9]')
  process.exit(0)
}
const ROUNDS = Number(options.rounds)
const SIZES = [1, 2, 4, 8, 16]
/** As many as the reference decision scores, about, and what the reference model takes. */
const ROWS = 60
const WIDTHS = { customer: 64, action: 12, pair: 2 }
/** Requests of each size in a round. */
const REQUESTS = 960
const CUSTOMERS = 2000

const before = loadavg()[0]!
initOrt()
const onnx = readFileSync(`${MODELS}/reference/1/model.onnx`)
const session: Binding.InferenceSession = new binding.InferenceSession()
session.loadModel(onnx.buffer as ArrayBuffer, onnx.byteOffset, onnx.byteLength, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
})
const shop = await inProcess(100, CUSTOMERS)
const others = { n: 0 }

const scoring = new Map(SIZES.map((size) => [size, [] as number[]]))
const deciding: number[] = []
for (let round = -2; round < ROUNDS; round++) {
  for (let i = 0; i < SIZES.length; i++) {
    const size = SIZES[(i + round + SIZES.length) % SIZES.length]!
    const { scored, decided } = await turn(size)
    if (round < 0) continue
    scoring.get(size)!.push(scored)
    deciding.push(decided)
  }
  console.error(`round ${round + 1}/${ROUNDS}`)
}
const whole = median(deciding)
const alone = median(scoring.get(1)!)
publish('steps-batching', {
  title: 'Scoring several requests at once',
  question: 'Would it pay to let requests wait for one another, and to score them in one run?',
  command: 'node --import tsx bench/steps/batching.ts',
  tables: [
    {
      caption: `One run of the reference model over ${ROWS} actions for so many customers; medians of ${ROUNDS} interleaved rounds of ${REQUESTS} requests`,
      columns: ['customers in a run', 'µs for each', 'saved, µs', 'of a decision without server and store'],
      rows: SIZES.map((size) => {
        const each = median(scoring.get(size)!)
        return [size, digits(each), digits(alone - each), percent((alone - each) / whole)]
      }),
    },
  ],
  text: [
    `A decision took ${digits(whole)} µs in the same run. That is the most there is to be saved: customers do not score the same actions, so a run for several of them scores what any of them needs, and each has to wait until the others have come as far. Decisions are scored one by one.`,
    loadText(before),
  ],
})
session.dispose()

/** Microseconds for one request: of the run of the model, and of a decision as it is. */
async function turn(size: number): Promise<{ scored: number; decided: number }> {
  let [scored, decided] = [0, 0]
  for (let done = 0; done < REQUESTS; done += size) {
    const begun = performance.now()
    for (let i = 0; i < size; i++) await shop.decide(others.n++)
    const between = performance.now()
    run(size)
    scored += performance.now() - between
    decided += between - begun
  }
  return { scored: (1000 * scored) / REQUESTS, decided: (1000 * decided) / REQUESTS }
}

function run(customers: number): void {
  const { customer, action, pair } = WIDTHS
  const filled = (length: number) => new Float32Array(length).fill(0.5)
  const feeds = {
    customer: new Tensor('float32', filled(customers * customer), [customers, 1, customer]),
    action: new Tensor('float32', filled(ROWS * action), [ROWS, action]),
    pair: new Tensor('float32', filled(customers * ROWS * pair), [customers, ROWS, pair]),
  }
  const answer = session.run(feeds, { propensity: null }, {}).propensity as Tensor
  if (answer.data.length !== customers * ROWS) throw new Error('the model answered for somebody else')
}
