// A new epoch as its publisher meets it: nobody but the offline root begins one, and what a revoked key published gives way to it.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { signingRing } from '../../src/loop/signing-key.ts'
import { writeReleaseDirectory } from '../../src/release/directory.ts'
import { built, NOW, type TestBuild } from '../../src/release/fixtures/built.ts'
import { type World, world } from './host.ts'

const codeIn = ({ value }: { readonly value: Record<string, unknown> }) =>
  (value['error'] as { readonly code: string } | undefined)?.code

/** A release that the keys here sign, in a directory. */
async function releaseIn({ directory, state, ports }: World, name: string, over: TestBuild): Promise<string> {
  const { release: keys, epoch } = await signingRing(state, ports)
  const path = join(directory, name)
  await writeReleaseDirectory(ports.disk, path, built({ keys, epoch, ...over }).files)
  return path
}

/** Published one release of epoch 1, then began epoch 2; the root key lies in a file. */
async function compromised(context: TestContext) {
  const here = await world(context, { clock: { now: () => NOW + 60_000 } })
  const [tree, root] = [join(here.directory, 'tree'), join(here.directory, 'root.key')]
  await here.run('keys', 'new')
  const publish = async (release: string) => codeIn(await here.json('publish', release, '--to', tree))
  const old = await releaseIn(here, 'old', { version: 5 })
  assert.equal(await publish(old), undefined)
  assert.equal((await here.run('keys', 'new', '--use', 'root', '--alg', 'ed25519', '--out', root)).code, 0)
  const begin = ['keys', 'rotate', '--new-epoch', '--reason', 'the build machine was broken into'] as const
  const { value } = await here.json(...begin)
  const id = /preview-id (\w+)/.exec((value['error'] as { readonly fix: string }).fix)![1]!
  assert.equal((await here.run(...begin, '--yes', '--preview-id', id)).code, 0)
  const signByRoot = (release: string) =>
    here.run('sign', '--manifest', join(release, 'manifest.json'), '--envelope', '--root-file', root)
  const pointer = async () => {
    const { payload } = JSON.parse(await readFile(join(tree, 'models/pointer.json'), 'utf8')) as { payload: string }
    return JSON.parse(Buffer.from(payload, 'base64').toString()) as { epoch: number; version: number }
  }
  return { here, publish, signByRoot, pointer }
}

test('fault 31: the first release of an epoch is published when the root has signed it, and the next ones without', async context => {
  const { here, publish, signByRoot, pointer } = await compromised(context)
  const first = await releaseIn(here, 'first', { version: 1, seed: 2 })
  assert.equal(await publish(first), 'KEY_REVOKED')
  assert.equal((await pointer()).epoch, 1)
  assert.equal((await signByRoot(first)).code, 0)
  assert.equal(await publish(first), undefined)
  const next = await releaseIn(here, 'next', { version: 2, seed: 3 })
  assert.equal(await publish(next), undefined)
  const last = await releaseIn(here, 'last', { version: 3, seed: 4, epoch: 3 })
  assert.equal(await publish(last), 'EPOCH')
  const { epoch, version } = await pointer()
  assert.deepEqual([epoch, version], [2, 2])
})

test('fault 31: a release of an epoch that is over is not published, though the root signed it', async context => {
  const { here, publish, signByRoot, pointer } = await compromised(context)
  const late = await releaseIn(here, 'late', { version: 6, epoch: 1, seed: 2 })
  assert.equal((await signByRoot(late)).code, 0)
  assert.equal(await publish(late), 'EPOCH')
  assert.equal((await pointer()).version, 5)
})
