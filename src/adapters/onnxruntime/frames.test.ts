import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRng } from '../../base/rng.ts'
import { BODY_CAP, bytesOf, floatsOf, frameOf, frameReader } from './frames.ts'

const values = Float32Array.of(1.5, -2, Number.NaN, 0)
const stream = Buffer.concat([
  ...frameOf({ kind: 'first' }),
  ...frameOf({ kind: 'second', n: 7 }, bytesOf(values)),
  ...frameOf({ kind: 'third' }, new Uint8Array(3)),
])

test('frames come out as they went in, however the pipe cuts them', () => {
  const rng = seededRng('frames')
  for (let time = 0; time < 50; time++) {
    const read = frameReader()
    const frames = []
    for (let at = 0; at < stream.length; ) {
      const length = 1 + rng.int(time < 25 ? 4 : 40)
      frames.push(...read(stream.subarray(at, at + length)))
      at += length
    }
    assert.deepEqual(
      frames.map(({ head, body }) => [head, body.length]),
      [
        [{ kind: 'first' }, 0],
        [{ kind: 'second', n: 7 }, 16],
        [{ kind: 'third' }, 3],
      ],
    )
    assert.deepEqual(floatsOf(frames[1]!.body), values)
  }
})

test('a length beyond the caps is refused before anything is allocated for it', () => {
  const lengths = (head: number, body: number) => {
    const start = Buffer.alloc(8)
    start.writeUInt32LE(head, 0)
    start.writeUInt32LE(body, 4)
    return start
  }
  for (const [head, body] of [
    [2, BODY_CAP + 1],
    [65_537, 0],
    [0, 0],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ] as const) {
    assert.throws(() => frameReader()(lengths(head, body)), { code: 'FRAME_INVALID' })
  }
})

test('a head that is not JSON is refused', () => {
  const broken = Buffer.from(stream)
  broken[8] = 0x20
  assert.throws(() => frameReader()(broken), { code: 'FRAME_INVALID' })
})
