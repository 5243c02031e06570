import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { sha256Hasher } from '../base/hash.ts'
import { canonicalText } from './canonical.ts'
import { randomDocument } from './fixtures/random-document.ts'
import { parseStrictJson } from './strict-json.ts'

type Digests = {
  readonly documents: number
  readonly batch: number
  readonly texts: string
  readonly canonical: readonly string[]
}
const digests = JSON.parse(
  readFileSync(new URL('./fixtures/canonical-digests.json', import.meta.url), 'utf8'),
) as Digests
const utf8 = new TextEncoder()

test('fault 17: 50,000 random documents canonicalise to the bytes that Python writes', () => {
  assert.deepEqual([digests.documents, digests.canonical.length], [50_000, 100])
  const texts = sha256Hasher()
  for (const [at, expected] of digests.canonical.entries()) {
    const batch = sha256Hasher()
    for (let number = at * digests.batch; number < (at + 1) * digests.batch; number++) {
      const text = randomDocument(number)
      texts.update(`${text}\n`)
      batch.update(`${canonicalText(unwrap(parseStrictJson(utf8.encode(text))))}\n`)
    }
    assert.equal(batch.digest(), expected, `documents ${at * digests.batch} and following`)
  }
  // The generator here draws what the one beside Python's drew.
  assert.equal(texts.digest(), digests.texts)
})
