// The laws of every Publisher (REL-30).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { CURRENT_PATH, POINTER_PATH } from './layout.ts'
import type { Publisher } from './publisher.ts'

export type PublisherUnderTest = { readonly publisher: Publisher; readonly close: () => Promise<void> }

const bytes = (text: string) => new TextEncoder().encode(text)
const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'accepted' : outcome.fault.code)
const BLOB = 'models/meta_model/v1.0.0.onnx'

export function checkPublisher(name: string, make: () => Promise<PublisherUnderTest>): void {
  const law = (sentence: string, check: (publisher: Publisher, signal: AbortSignal) => Promise<void>): void => {
    test(`${name}: ${sentence}`, async () => {
      const { publisher, close } = await make()
      try {
        await check(publisher, new AbortController().signal)
      } finally {
        await close()
      }
    })
  }

  law('what was put reads back, what was not is undefined', async (publisher, signal) => {
    assert.equal(await publisher.read(BLOB, 10, signal), undefined)
    assert.deepEqual(await publisher.putBlob(BLOB, bytes('one'), signal), { ok: true, value: 'written' })
    assert.deepEqual(await publisher.read(BLOB, 3, signal), bytes('one'))
  })

  law('more than the limit is FILE_TOO_LARGE', async (publisher, signal) => {
    await publisher.putBlob(BLOB, bytes('four'), signal)
    await assert.rejects(publisher.read(BLOB, 3, signal), { code: 'FILE_TOO_LARGE' })
  })

  law('the same blob again is present, another under its path is BLOB_CONFLICT', async (publisher, signal) => {
    await publisher.putBlob(BLOB, bytes('one'), signal)
    assert.deepEqual(await publisher.putBlob(BLOB, bytes('one'), signal), { ok: true, value: 'present' })
    assert.equal(codeOf(await publisher.putBlob(BLOB, bytes('two'), signal)), 'BLOB_CONFLICT')
    assert.deepEqual(await publisher.read(BLOB, 3, signal), bytes('one'))
  })

  law('a pointer is replaced only by someone who saw the last one', async (publisher, signal) => {
    const put = (text: string, seen: string | null) => publisher.putPointer(POINTER_PATH, bytes(text), seen, signal)
    assert.equal(codeOf(await put('one', sha256('zero'))), 'POINTER_CONFLICT')
    assert.equal(codeOf(await put('one', null)), 'accepted')
    assert.equal(codeOf(await put('two', null)), 'POINTER_CONFLICT')
    assert.equal(codeOf(await put('two', sha256('one'))), 'accepted')
    assert.deepEqual(await publisher.read(POINTER_PATH, 3, signal), bytes('two'))
  })

  // Case 13.
  law('of two publishers that race exactly one wins', async (publisher, signal) => {
    if (!publisher.capabilities().conditionalPointer) return
    const race = ['one', 'two'].map(text => publisher.putPointer(CURRENT_PATH, bytes(text), null, signal))
    const results = await Promise.allSettled(race)
    const won = results.filter(result => result.status === 'fulfilled' && result.value.ok)
    assert.equal(won.length, 1)
  })

  law(
    'of two that put other content under one path exactly one is kept, and the other is told',
    async (publisher, signal) => {
      const texts = ['one', 'two']
      const results = await Promise.all(texts.map(text => publisher.putBlob(BLOB, bytes(text), signal)))
      assert.deepEqual(results.map(codeOf).sort(), ['BLOB_CONFLICT', 'accepted'])
      const kept = texts[results.findIndex(({ ok }) => ok)]!
      assert.deepEqual(await publisher.read(BLOB, 3, signal), bytes(kept))
    },
  )

  law('a call that was called off does nothing', async publisher => {
    const reason = new Error('called off')
    const signal = AbortSignal.abort(reason)
    await assert.rejects(publisher.putBlob(BLOB, bytes('one'), signal), reason)
    await assert.rejects(publisher.putPointer(POINTER_PATH, bytes('one'), null, signal), reason)
    assert.equal(await publisher.read(BLOB, 3, new AbortController().signal), undefined)
  })

  law('its origin is an absolute URL that paths go behind', async publisher => {
    const { originUrl, kind } = publisher.capabilities()
    assert.ok(URL.canParse(`${originUrl}${BLOB}`) && originUrl.endsWith('/'))
    assert.ok(kind.length > 0)
    await Promise.resolve()
  })
}
