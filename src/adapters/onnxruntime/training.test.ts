import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { interpreter } from '../../tensor/interpreter.ts'
import { mul } from '../../tensor/ops/arithmetic.ts'
import { tanh } from '../../tensor/ops/elementwise.ts'
import { matmul } from '../../tensor/ops/matmul.ts'
import { OP_CASES, opLoss } from '../../tensor/ops/ops.checks.ts'
import { mean, sum } from '../../tensor/ops/reductions.ts'
import { sgd } from '../../tensor/optimiser.ts'
import { input, parameter } from '../../tensor/tensor.ts'
import { checkTrainingEngine } from '../../tensor/training.checks.ts'
import { onnxRuntimeTraining, onnxRuntimeTrainingProcess } from './training.ts'

/** Largest difference as a share of the larger of 1 and the values' own size. */
function apart(a: Float64Array, b: Float64Array): number {
  const size = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!) / size), 0)
}

const engine = onnxRuntimeTraining()

checkTrainingEngine('onnxruntime here', engine)
checkTrainingEngine('onnxruntime in its process', onnxRuntimeTrainingProcess())

for (const name of Object.keys(OP_CASES)) {
  test(`ten steps of ${name} are those of the interpreter`, async () => {
    const { loss, initial } = opLoss(name)
    const program = { loss, rows: ['row'], optimiser: sgd({ momentum: 0.9 }), gradientNorm: 1 }
    const epoch = { order: new Int32Array(10), rate: 0.01 }
    const [ours, theirs] = [interpreter().open(program, initial), await engine.open(program, initial)]
    for (const session of [ours, theirs]) await session.load({ row: Float32Array.of(1) })
    assert.ok(apart(ours.epoch(epoch).loss!, (await theirs.epoch(epoch)).loss!) <= 1e-4, 'losses')
    const [own, other] = [ours.save(), await theirs.save()]
    assert.ok(apart(own.moments[0]!, other.moments[0]!) <= 1e-4, 'sums of gradients')
    for (const [leaf, values] of Object.entries(own.parameters)) {
      assert.ok(
        values.some((value, i) => value !== initial[leaf]![i]),
        `${leaf} moves`,
      )
      assert.ok(apart(values, other.parameters[leaf]!) <= 1e-4, leaf)
    }
    await theirs.close()
  })
}

/** A program whose steps are slow: a product of two large matrices in each. */
function slow() {
  const loss = mul(
    sum(tanh(matmul(parameter('w', [512, 512]), parameter('v', [512, 512])))),
    mean(input('row', [1, 1])),
  )
  const ones = () => new Float64Array(512 * 512).fill(1e-3)
  return { program: { loss, rows: ['row'], optimiser: sgd() }, initial: { w: ones(), v: ones() } }
}

test('a run that is cancelled ends at once, and its session says so from then on', async () => {
  const { program, initial } = slow()
  const session = await onnxRuntimeTrainingProcess().open(program, initial)
  await session.load({ row: Float32Array.of(1) })
  const stop = new AbortController()
  const endless = session.epoch({ order: new Int32Array(100_000), rate: 1e-6, signal: stop.signal })
  stop.abort()
  await assert.rejects(async () => endless, { code: 'TRAINING_CANCELLED' })
  await assert.rejects(async () => session.save(), { code: 'TRAINING_FAILED' })
  await session.close()
})

test('a run that takes more memory than it may is ended', async () => {
  const { program, initial } = slow()
  await assert.rejects(
    async () => {
      const session = await onnxRuntimeTrainingProcess({ memoryMb: 40 }).open(program, initial)
      await session.load({ row: Float32Array.of(1) })
      await session.epoch({ order: new Int32Array(100_000), rate: 1e-6 })
    },
    { code: 'TRAINING_MEMORY', message: /more than 40 MiB/ },
  )
})

test('where CUDA does not load, training runs on the CPU and says so once', async t => {
  const { loss, initial } = opLoss('linear')
  const notices: string[] = []
  const asked = onnxRuntimeTraining({ device: 'cuda', notice: sentence => notices.push(sentence) })
  const program = { loss, rows: ['row'], optimiser: sgd() }
  const sessions = [await asked.open(program, initial), await asked.open(program, initial)]
  if (sessions[0]!.device === 'cuda') return t.skip('CUDA loads here')
  assert.deepEqual(notices, ['CUDA does not load here: training runs on the CPU'])
  for (const session of sessions) await session.close()
})

test('a session keeps its process alive while it is closed, and not when nobody closes it', () => {
  const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)
  const script = (end: string): string => `
    import { opLoss } from ${at('../../tensor/ops/ops.checks.ts')}
    import { sgd } from ${at('../../tensor/optimiser.ts')}
    import { onnxRuntimeTrainingProcess } from ${at('training.ts')}
    const { loss, initial } = opLoss('linear')
    const session = await onnxRuntimeTrainingProcess().open({ loss, rows: ['row'], optimiser: sgd() }, initial)
    ${end}
    console.log('done')`
  for (const end of ['await session.close()', '']) {
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script(end)], {
      timeout: 20_000,
    })
    assert.deepEqual([status, stdout.toString().trim()], [0, 'done'])
  }
})
