import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tinyRelease } from '../../serving/fixtures/release.ts'
import type { ReleaseTexts } from '../../serving/registry.ts'
import { documentShelf } from './release-documents.ts'

const made = [1, 2, 3].map(version => tinyRelease({ seed: version, version }))
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)
const rows = new Map(
  made.map(({ files, manifestSha256 }): [string, ReleaseTexts] => [
    manifestSha256,
    { manifest: text(files.get('manifest.json')), evaluation: text(files.get('evaluation.json')) },
  ]),
)
const [first, second, third] = made.map(({ manifestSha256 }) => manifestSha256) as [string, string, string]

function counted() {
  const asked: string[] = []
  const documents = async (digest: string): Promise<ReleaseTexts | undefined> => {
    asked.push(digest)
    return rows.get(digest)
  }
  return { asked, documents }
}

test('documents are read once, and of many the ones asked for last are kept', async () => {
  const { asked, documents } = counted()
  const shelf = documentShelf({ documents }, { documentsKept: 2 })
  for (const digest of [first, first, second, first, third, first, second]) {
    const { manifest } = await shelf.of(digest)
    assert.equal(manifest.version, [...rows.keys()].indexOf(digest) + 1)
  }
  assert.deepEqual(asked, [first, second, third, second])
})

test('facts for a list are read once and push no document out', async () => {
  const { asked, documents } = counted()
  const shelf = documentShelf({ documents }, { documentsKept: 1 })
  await shelf.of(first)
  for (const digest of [first, second, third, second, third]) {
    const { thin, effectiveRows, fitEnd, expiresAt, baselineRoles } = await shelf.factsOf(digest)
    assert.deepEqual(
      [thin, effectiveRows, fitEnd, expiresAt, baselineRoles],
      [true, 200, 1_000, Date.parse(made[0]!.manifest.expiresAt), []],
    )
  }
  await shelf.of(first)
  assert.deepEqual(asked, [first, second, third])
})

test('a digest that nobody registered is a fault', async () => {
  const shelf = documentShelf(counted())
  await assert.rejects(shelf.of('0'.repeat(64)), { code: 'RELEASE_UNKNOWN' })
  await assert.rejects(shelf.factsOf('0'.repeat(64)), { code: 'RELEASE_UNKNOWN' })
})
