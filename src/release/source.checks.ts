// The laws of every ReleaseSource (REL-40).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readObject } from './fetch.ts'
import type { ObjectRef, ReleaseSource } from './source.ts'

export type SourceUnderTest = {
  /** A source with one release in it. */
  readonly source: ReleaseSource
  /** Puts something newer there. */
  readonly publish: () => Promise<void>
  /** An object of the source and its bytes, at least 10 of them. */
  readonly object: ObjectRef
  readonly bytes: Uint8Array
  /** An object that is not there. */
  readonly missing: ObjectRef
  /** A text that must not appear in descriptions, where there is one. */
  readonly secret?: string
  readonly close: () => Promise<void>
}

export function checkReleaseSource(name: string, make: () => Promise<SourceUnderTest>): void {
  const law = (sentence: string, check: (subject: SourceUnderTest) => Promise<void>): void => {
    test(`${name}: ${sentence}`, async () => {
      const subject = await make()
      try {
        await check(subject)
      } finally {
        await subject.close()
      }
    })
  }
  const never = () => new AbortController().signal

  law('what was seen is not modified until something new is there', async ({ source, publish }) => {
    const first = await source.discover(undefined, never())
    assert.equal(first.kind, 'found')
    const again = await source.discover(first.cursor, never())
    assert.deepEqual(again, { kind: 'notModified', cursor: first.cursor })
    await publish()
    const news = await source.discover(first.cursor, never())
    assert.equal(news.kind, 'found')
    assert.notEqual(news.cursor, first.cursor)
  })

  law('a release that is found names at least one candidate', async ({ source }) => {
    const found = await source.discover(undefined, never())
    assert.ok(found.kind === 'found' && found.candidates.length > 0)
  })

  law('an object comes whole', async ({ source, object, bytes }) => {
    assert.deepEqual(await readObject(source, object.path, bytes.length, never()), bytes)
  })

  law('a broken transfer resumes anywhere', async ({ source, object, bytes }) => {
    for (const offset of [0, 1, bytes.length >> 1, bytes.length - 1, bytes.length]) {
      assert.deepEqual(await collected(source, object, offset, bytes.length), bytes.subarray(offset))
    }
  })

  law('reading stops at the limit', async ({ source, object, bytes }) => {
    assert.deepEqual(await collected(source, object, 2, 5), bytes.subarray(2, 7))
  })

  law('an object larger than was signed is refused without reading on', async ({ source, object, bytes }) => {
    await assert.rejects(readObject(source, object.path, bytes.length - 1, never()), { code: 'FILE_TOO_LARGE' })
  })

  law('what is not there is FILE_MISSING', async ({ source, missing }) => {
    await assert.rejects(readObject(source, missing.path, 10, never()), { code: 'FILE_MISSING' })
  })

  law('a wait that was called off ends with its reason', async ({ source, object }) => {
    const reason = new Error('called off')
    const signal = AbortSignal.abort(reason)
    await assert.rejects(source.discover(undefined, signal), reason)
    await assert.rejects(readObject(source, object.path, 10, signal), reason)
  })

  law('its description tells no secret', async ({ source, secret }) => {
    const text = JSON.stringify(source.describe())
    assert.ok(text.includes(source.describe().kind))
    if (secret !== undefined) assert.ok(!text.includes(secret))
    await Promise.resolve()
  })
}

async function collected(source: ReleaseSource, ref: ObjectRef, offset: number, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source.open(ref, { offset, limit }, new AbortController().signal)) chunks.push(chunk)
  return Uint8Array.from(Buffer.concat(chunks))
}
