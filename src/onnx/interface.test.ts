import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Interface, interfaceDifferences, withInterface } from './interface.ts'
import type { OnnxModel, OnnxValue } from './model.ts'

const input: OnnxValue = { name: 'input', type: 'float', dims: ['batch', 4] }
const output: OnnxValue = { name: 'probability', type: 'float', dims: ['batch', 2] }
const wanted: Interface = { inputs: [input], outputs: [output] }

const changes: readonly (readonly [string, (value: OnnxValue) => OnnxValue, RegExp])[] = [
  ['name', value => ({ ...value, name: 'other' }), /is missing.*"other" is not expected/],
  ['type', value => ({ ...value, type: 'double' }), /is double/],
  ['rank', value => ({ ...value, dims: [...value.dims, 1] }), /, 1\], not/],
  ['width', value => ({ ...value, dims: ['batch', 3] }), /\[batch, 3\], not/],
  ['fixed batch', value => ({ ...value, dims: [1, ...value.dims.slice(1)] }), /\[1, /],
]

for (const [what, change, reason] of changes) {
  for (const side of ['inputs', 'outputs'] as const) {
    test(`fault 55: another ${what} among the ${side} is refused and named`, () => {
      const found = interfaceDifferences({ ...wanted, [side]: wanted[side].map(change) }, wanted)
      assert.match(found.join('; '), reason)
      assert.ok(found.every(sentence => sentence.startsWith(side.slice(0, -1))))
    })
  }
}

test('fault 55: a missing, an additional and a swapped output are refused', () => {
  const second: OnnxValue = { ...output, name: 'size' }
  const two: Interface = { inputs: [input], outputs: [output, second] }
  assert.deepEqual(interfaceDifferences(wanted, two), ['output "size" is missing'])
  assert.deepEqual(interfaceDifferences(two, wanted), ['output "size" is not expected'])
  const swapped = { ...two, outputs: [second, output] }
  assert.deepEqual(interfaceDifferences(swapped, two), ['outputs come in the order size, probability'])
})

test('the symbol of the batch may have any name', () => {
  const model: OnnxModel = {
    irVersion: 8,
    opset: 17,
    mlOpset: 3,
    producer: '',
    name: '',
    nodes: [],
    initializers: [],
    metadata: {},
    inputs: [{ ...input, dims: ['N', 4] }],
    outputs: [{ ...output, dims: ['', 2] }],
  }
  assert.equal(withInterface(model, wanted).ok, true)
  const outcome = withInterface({ ...model, inputs: [] }, wanted)
  assert.equal(outcome.ok ? '' : outcome.fault.code, 'ONNX_INTERFACE')
})
