import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { node } from '../../onnx/build.ts'
import { encodeModel } from '../../onnx/encode.ts'
import { VERSIONS } from '../../onnx/limits.ts'
import type { OnnxModel } from '../../onnx/model.ts'
import { validateModel } from '../../onnx/validate.ts'
import { endless, scaled } from './fixtures/graphs.ts'
import { onnxRuntimeOracle } from './oracle.ts'

const doubled: OnnxModel = scaled(2)
const row = Float32Array.of(1, -2)

const oracle = onnxRuntimeOracle()
after(() => oracle.close())

test('the oracle says who it is and gives the first output, row-major', async () => {
  assert.match(oracle.name, /^onnxruntime \d+\.\d+\.\d+$/)
  const values = await oracle.run(encodeModel(doubled), Float32Array.of(1, 2, 3, 4), 2)
  assert.deepEqual(values, Float32Array.of(2, 4, 6, 8))
})

test('what the runtime refuses is a fault with its words, and the next run is answered', async () => {
  const wrong = encodeModel({ ...doubled, nodes: [node('NoSuchOp', ['x'], ['y'])] })
  await assert.rejects(oracle.run(wrong, row, 1), { code: 'ORACLE_FAILED', message: /NoSuchOp/ })
  assert.deepEqual(await oracle.run(encodeModel(doubled), row, 1), Float32Array.of(2, -4))
})

test('runs that are asked for at once are answered in order', async () => {
  const runs = [1, 2, 3].map(x => oracle.run(encodeModel(doubled), Float32Array.of(x, 0), 1))
  assert.deepEqual(
    (await Promise.all(runs)).map(([first]) => first),
    [2, 4, 6],
  )
})

test('fault 51: an endless loop is refused by our validator, and where it gets through, its process is killed', async () => {
  const bytes = endless()
  const outcome = validateModel(bytes)
  assert.equal(outcome.ok ? 'accepted' : outcome.fault.code, 'ONNX_SUBGRAPH')
  const impatient = onnxRuntimeOracle({ timeoutMs: 1_500 })
  await assert.rejects(impatient.run(bytes, row, 1), { code: 'ORACLE_TIMEOUT' })
  assert.deepEqual(await impatient.run(encodeModel(doubled), row, 1), Float32Array.of(2, -4))
  await impatient.close()
})

test('a closed oracle can be closed again and starts anew with the next run', async () => {
  const own = onnxRuntimeOracle()
  await own.close()
  assert.deepEqual(await own.run(encodeModel(doubled), row, 1), Float32Array.of(2, -4))
  await own.close()
  await own.close()
  assert.deepEqual(await own.run(encodeModel(doubled), row, 1), Float32Array.of(2, -4))
  await own.close()
})

test('an oracle that nobody closed does not keep its process alive', () => {
  const bytes = Buffer.from(encodeModel(doubled)).toString('base64')
  const script = `
    import { onnxRuntimeOracle } from ${JSON.stringify(new URL('oracle.ts', import.meta.url).href)}
    const values = await onnxRuntimeOracle().run(Buffer.from('${bytes}', 'base64'), Float32Array.of(3, 4), 1)
    console.log(values.join())`
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 })
  assert.equal(status, 0)
  assert.equal(stdout.toString().trim(), '6,8')
})

test('the window of versions is the one of the runtime: its last is read, the next is not', async () => {
  const { ir, opset, mlOpset } = VERSIONS
  for (const [key, last] of [
    ['irVersion', ir.last],
    ['opset', opset.last],
    ['mlOpset', mlOpset.last],
  ] as const) {
    assert.deepEqual(await oracle.run(encodeModel({ ...doubled, [key]: last }), row, 1), Float32Array.of(2, -4))
    await assert.rejects(oracle.run(encodeModel({ ...doubled, [key]: last + 1 }), row, 1), { code: 'ORACLE_FAILED' })
  }
  for (const [key, first] of [
    ['irVersion', ir.first],
    ['opset', opset.first],
  ] as const) {
    assert.deepEqual(await oracle.run(encodeModel({ ...doubled, [key]: first }), row, 1), Float32Array.of(2, -4))
  }
})
