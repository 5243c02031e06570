// `ratchet keys accept-hwm`: a lost high-water mark is replaced by a person's word, and by nothing else (fault catalogue, case 34).

import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { secretText } from '../../src/base/secret.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { built, MAC_KEY, NOW } from '../../src/release/fixtures/built.ts'
import { highWaterFile } from '../../src/release/high-water.ts'
import { type World, world } from './host.ts'

const SECRET = 'a key for tests that nobody else has, 9'
const KEY = { ...MAC_KEY, keyid: 'hmac:manifest:1', secret: secretText(SECRET) }

/** A bot whose store holds something, whose mark is broken, and whose database knows nothing. */
async function lost(context: TestContext): Promise<World> {
  const here = await world(context, { environment: { MANIFEST_HMAC_KEY: SECRET }, clock: { now: () => NOW + 60_000 } })
  await mkdir(join(here.state, 'state'), { recursive: true })
  await writeFile(join(here.state, 'state/hwm.json'), 'garbage')
  const digest = 'ab'.repeat(32)
  await mkdir(join(here.state, 'store/cas/ab'), { recursive: true })
  await writeFile(join(here.state, 'store/cas/ab', digest), 'what was installed once')
  return here
}
const codeIn = ({ value }: { readonly value: Record<string, unknown> }) =>
  (value['error'] as { readonly code: string } | undefined)?.code
const markIn = async ({ ports, state }: World) => {
  const read = await highWaterFile(ports.disk, join(state, 'state/hwm.json')).read()
  return read.ok ? read.value : read.fault.code
}

/** As a script does: preview first, then by its id. */
async function accept(here: World, ...line: readonly string[]) {
  const preview = await here.json('keys', 'accept-hwm', ...line)
  assert.equal(codeIn(preview), 'CONFIRM_NEEDED', JSON.stringify(preview.value))
  assert.equal(await markIn(here), 'HWM_BROKEN', 'nothing was done yet')
  const { fix } = preview.value['error'] as { readonly fix: string }
  return here.json('keys', 'accept-hwm', ...line, '--yes', '--preview-id', /preview-id (\w+)/.exec(fix)![1]!)
}

test('fault 34: without a source whatever valid release comes first is accepted, once somebody says so', async context => {
  const here = await lost(context)
  const { code, value } = await accept(here)
  assert.deepEqual([code, value['channel'], value['version'], value['epoch']], [0, 'stable', 0, 1])
  const mark = await markIn(here)
  assert.deepEqual(mark, { ...value })
  // Now it is known, and lowering it is refused.
  assert.equal(codeIn(await here.json('keys', 'accept-hwm')), 'HWM_KNOWN')
})

test('fault 34: with a source its release is verified and taken for the newest', async context => {
  const here = await lost(context)
  const directory = join(here.directory, 'release')
  const release = built({ keys: [KEY] })
  await writeReleaseDirectory(here.ports.disk, directory, release.files)
  const { value } = await accept(here, '--source', directory)
  assert.deepEqual([value['version'], value['manifestSha256']], [5, release.manifestSha256])
  await rm(join(directory, 'card.md'))
  const other = await lost(context)
  assert.equal(codeIn(await other.json('keys', 'accept-hwm', '--source', directory)), 'RELEASE_MISSING_FILE')
  assert.equal(await markIn(other), 'HWM_BROKEN')
})

test('a mark that is not lost is not replaced', async context => {
  const here = await world(context, { environment: { MANIFEST_HMAC_KEY: SECRET } })
  const { code, value } = await here.json('keys', 'accept-hwm')
  assert.deepEqual([code, (value['error'] as { code: string }).code], [2, 'HWM_KNOWN'])
})
