import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeModel } from '../onnx/encode.ts'
import { validateModel } from '../onnx/validate.ts'
import { epochModel, measureModel } from './epoch-model.ts'
import { squaredLoss } from './ops/losses.ts'
import { linear } from './ops/matmul.ts'
import { adam } from './optimiser.ts'
import { stepOf } from './step.ts'
import { input, parameter } from './tensor.ts'

const layer = linear(input('x', [8, 3]), parameter('w', [3, 2]), parameter('b', [2]))
const step = stepOf({ loss: squaredLoss(layer, input('y', [8, 2])), rows: ['x', 'y'], optimiser: adam() })

test('an epoch is one loop, with parameters and moments as its state', () => {
  const { nodes, inputs, outputs, irVersion, opset } = epochModel(step)
  assert.deepEqual([irVersion, opset], [8, 17])
  assert.deepEqual(
    nodes.map(node => [node.opType, ...node.outputs]),
    [['Loop', 'next.parameters', 'next.moment0', 'next.moment1', 'told.loss']],
  )
  assert.deepEqual(
    inputs.map(value => value.name),
    ['steps', 'order', 'rows.x', 'rows.y', 'scalars', 'parameters', 'moment0', 'moment1'],
  )
  assert.deepEqual(outputs[0], { name: 'next.parameters', type: 'float', dims: [8] })
})

test('measuring is a loop without state', () => {
  const { inputs, outputs } = measureModel(step)
  assert.deepEqual(outputs, [{ name: 'told.loss', type: 'float', dims: ['steps'] }])
  assert.equal(inputs.at(-1)!.name, 'parameters')
})

test('equal programs are equal bytes, and no door of ours reads them as a model', () => {
  const bytes = encodeModel(epochModel(step))
  assert.deepEqual(encodeModel(epochModel(step)), bytes)
  const outcome = validateModel(bytes)
  assert.equal(outcome.ok ? 'accepted' : outcome.fault.code, 'ONNX_SUBGRAPH')
})
