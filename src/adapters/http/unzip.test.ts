import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Fault } from '../../base/fault.ts'
import { seededRng } from '../../base/rng.ts'
import { unzipped } from './unzip.ts'

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const rng = seededRng('unzip')
const text = Buffer.from(Array.from({ length: 50_000 }, () => 97 + rng.int(4)))

test('what was packed comes out as it was, however it was cut on the way', async () => {
  for (const size of [1, 7, 4096, 1e6]) {
    const bytes = Buffer.concat(await Array.fromAsync(unzipped(pieces(gzipSync(text), size), 50_000, 'x')))
    assert.ok(bytes.equals(text), `pieces of ${size}`)
  }
})

test('whoever stops reading ends the body too', async () => {
  const ended = Promise.withResolvers<void>()
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces(gzipSync(text), 100)
    } finally {
      ended.resolve()
    }
  }
  for await (const _ of unzipped(body(), 50_000, 'x')) break
  await ended.promise
})

test('what the body says went wrong is said, and nothing else', async () => {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield gzipSync(text).subarray(0, 100)
    throw new Fault('SOURCE_IDLE_TIMEOUT', 'silent')
  }
  await assert.rejects(Array.fromAsync(unzipped(body(), 50_000, 'x')), { code: 'SOURCE_IDLE_TIMEOUT' })
})
