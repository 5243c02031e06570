import assert from 'node:assert/strict'
import { test } from 'node:test'
import { denseNet } from '../dense-net.ts'
import { tanhFloat } from './tanh.ts'

/** Every 4,001st float32 from 2^-20 to 16, and the same below 0. */
function* floats(): Generator<number> {
  const view = new DataView(new ArrayBuffer(4))
  for (let bits = 0x35800000; bits <= 0x41800000; bits += 4001) {
    view.setUint32(0, bits)
    yield view.getFloat32(0)
    yield -view.getFloat32(0)
  }
}

/** Distance from a float32 to the next one further out. */
const unitOf = (value: number): number => 2 ** (Math.floor(Math.log2(Math.abs(value))) - 23)

test('it is within 4e-7 and 7 units in the last place of tanh, never beyond 1, and odd', () => {
  let worst = 0
  for (const x of floats()) {
    const [found, exact] = [tanhFloat(x), Math.tanh(x)]
    worst = Math.max(worst, Math.abs(found - exact) / unitOf(exact))
    assert.ok(Math.abs(found) <= 1)
    assert.ok(Math.abs(found - exact) < 4e-7)
    assert.equal(found, -tanhFloat(-x))
  }
  assert.ok(worst < 7, `${worst}`)
})

test('the kernel gives the same bits as plain TypeScript', () => {
  const net = denseNet({ widths: [1, 4, 1], rows: 4 })
  net.setLayer(0, Float64Array.of(1, 0, 0, 0), [])
  net.setLayer(1, Float64Array.of(1, 0, 0, 0), [])
  for (const x of floats()) {
    net.input[0] = x
    net.forward(1)
    assert.equal(net.output[0], tanhFloat(x))
  }
})
