// Our side of the net duels: fits one perceptron or one recurrent net with Adam, from the first permutation to the parameters in hand;
// opening the engine and writing the graph count.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onnxRuntimeTraining } from '../../src/adapters/onnxruntime/training.ts'
import { type Rng, seededRng } from '../../src/base/rng.ts'
import { layOut, run } from '../../src/tensor/evaluate.ts'
import { relu } from '../../src/tensor/ops/elementwise.ts'
import { squaredLoss } from '../../src/tensor/ops/losses.ts'
import { lstm } from '../../src/tensor/ops/lstm.ts'
import { linear } from '../../src/tensor/ops/matmul.ts'
import { adam } from '../../src/tensor/optimiser.ts'
import { input, parameter, type Shape, sizeOf, type Tensor } from '../../src/tensor/tensor.ts'
import { WIDTH } from './data.ts'

type Task = {
  readonly model: 'mlp' | 'lstm'
  readonly batch: number
  readonly epochs: number
  readonly rate: number
  readonly hidden: number
  /** Rows of one window of the recurrent net, and windows to train on and to test on. */
  readonly lookback: number
  readonly windows: number
  readonly testWindows: number
  readonly seed: number
  readonly data: string
}

const task = JSON.parse(process.argv[2]!) as Task
const { batch, hidden, lookback } = task
const floats = (name: string): Float32Array =>
  new Float32Array(new Uint8Array(readFileSync(join(task.data, name))).buffer)

type Rows = { readonly x: Float32Array; readonly y: Float32Array; readonly count: number; readonly width: number }

/** Windows spread over all rows; what is to be found is a sum of three columns, each some rows back. */
function windowsOf(x: Float32Array, count: number): Rows {
  const [last, width] = [x.length / WIDTH - lookback, lookback * WIDTH]
  const rows = { x: new Float32Array(count * width), y: new Float32Array(count), count, width }
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * last) / count) * WIDTH
    rows.x.set(x.subarray(from, from + width), i * width)
    const at = from + width - WIDTH
    rows.y[i] = 0.7 * x[at]! + 0.5 * x[at - WIDTH + 1]! + 0.3 * x[at - 2 * WIDTH + 2]!
  }
  return rows
}

function part(name: 'train' | 'test'): Rows {
  const x = floats(`${name}.x`)
  if (task.model === 'lstm') return windowsOf(x, name === 'train' ? task.windows : task.testWindows)
  const y = floats(`${name}.y`)
  return { x, y, count: y.length, width: WIDTH }
}

const initial: Record<string, Float64Array> = {}
/** Even within 1/sqrt(inputs), as PyTorch's layers begin. */
function weights(name: string, shape: Shape, inputs: number, rng: Rng): Tensor {
  const reach = 1 / Math.sqrt(inputs)
  initial[name] = Float64Array.from({ length: sizeOf(shape) }, () => reach * (2 * rng.next() - 1))
  return parameter(name, shape)
}

function perceptron(rng: Rng): Tensor {
  const widths = [WIDTH, hidden, hidden, 1]
  let value = input('x', [batch, WIDTH])
  for (const [layer, to] of widths.slice(1).entries()) {
    const from = widths[layer]!
    value = linear(value, weights(`w${layer}`, [from, to], from, rng), weights(`b${layer}`, [to], from, rng))
    if (layer < widths.length - 2) value = relu(value)
  }
  return value
}

function recurrent(rng: Rng): Tensor {
  const states = lstm(input('x', [batch, lookback, WIDTH]), {
    input: weights('input', [WIDTH, 4 * hidden], hidden, rng),
    recurrent: weights('recurrent', [hidden, 4 * hidden], hidden, rng),
    bias: weights('bias', [4 * hidden], hidden, rng),
  })
  return linear(states, weights('w', [hidden, 1], hidden, rng), weights('b', [1], hidden, rng))
}

/** Row numbers of an epoch, shuffled, whole batches only. */
function shuffled(count: number, rng: Rng): Int32Array {
  const order = Int32Array.from({ length: count }, (_, row) => row)
  for (let i = count - 1; i > 0; i--) {
    const j = rng.int(i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order.subarray(0, count - (count % batch))
}

/** R2 on all rows, by the reference evaluator; the last batch is filled up with the first rows. */
function r2(
  prediction: Tensor,
  parameters: Readonly<Record<string, Float64Array>>,
  { x, y, count, width }: Rows,
): number {
  const plan = layOut([prediction])
  const centre = y.reduce((sum, value) => sum + value, 0) / count
  let [errors, spread] = [0, 0]
  for (let from = 0; from < count; from += batch) {
    const rows = Array.from({ length: batch }, (_, i) => (from + i) % count)
    run(plan, {
      ...parameters,
      x: Float64Array.from(rows.flatMap(row => [...x.subarray(row * width, (row + 1) * width)])),
    })
    for (let i = 0; i < batch && from + i < count; i++) {
      errors += (plan.results[0]![i]! - y[from + i]!) ** 2
      spread += (y[from + i]! - centre) ** 2
    }
  }
  return 1 - errors / spread
}

const [train, test] = [part('train'), part('test')]
const rng = seededRng(task.seed)
const engine = onnxRuntimeTraining()
const start = performance.now()
const prediction = task.model === 'mlp' ? perceptron(rng.fork('weights')) : recurrent(rng.fork('weights'))
const loss = squaredLoss(prediction, input('y', [batch, 1]))
const session = await engine.open({ loss, rows: ['x', 'y'], optimiser: adam() }, initial)
await session.load({ x: train.x, y: train.y })
let steps = 0
for (let epoch = 0; epoch < task.epochs; epoch++) {
  const order = shuffled(train.count, rng.fork(`epoch ${epoch}`))
  await session.epoch({ order, rate: task.rate })
  steps += order.length / batch
}
const { parameters } = await session.save()
const value = (performance.now() - start) / steps
const peakMb = process.resourceUsage().maxRSS / 1024
await session.close()
const versions = { node: process.version, engine: engine.name }
console.log(JSON.stringify({ value, quality: r2(prediction, parameters, test), peakMb, versions }))
