// Case 14: mirror A is old, B has the new release, C is corrupt. The highest valid version wins in any order, the bad mirror is left
// alone for a growing while, and the last one is never given up.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { virtualTime } from '../../src/base/fixtures/virtual-time.ts'
import { mirroredSource } from '../../src/release/mirrors.ts'
import { bot } from '../../src/serving/fixtures/bot.ts'
import { tinyRelease } from '../../src/serving/fixtures/release.ts'
import { fresh, keepingBot, old } from './http-bot.ts'
import { publishOn, sourceAt } from './http-world.ts'
import { type NetServer, netServer } from './net.ts'

const forged = tinyRelease({ seed: 3, after: fresh })

type Kind = 'old' | 'new' | 'forged pointer' | 'forged model' | 'gone'

async function mirror(t: TestContext, kind: Kind): Promise<NetServer> {
  const server = await netServer()
  t.after(() => server.close())
  // A corrupt mirror claims the newest of all.
  publishOn(server, kind === 'old' ? old : kind === 'forged pointer' ? forged : fresh)
  if (kind === 'forged pointer') server.schedule({ on: /envelope/, fault: { flip: true } })
  if (kind === 'forged model') server.schedule({ on: /meta_model/, fault: { flip: true } })
  if (kind === 'gone') server.schedule({ fault: { refuse: true } })
  return server
}

test('fault 14: in any order of mirrors the highest valid version is installed', async t => {
  const kinds: readonly Kind[] = ['old', 'new', 'forged pointer', 'forged model', 'gone']
  const servers = new Map<Kind, NetServer>()
  for (const kind of kinds) servers.set(kind, await mirror(t, kind))
  const order = fc.shuffledSubarray([...kinds], { minLength: 1 }).filter(some => some.includes('new'))
  const long = process.env['RATCHET_LONG'] === '1'
  const time = virtualTime(1e9)
  await fc.assert(
    fc.asyncProperty(order, async some => {
      const sources = some.map(kind => sourceAt(servers.get(kind)!.url, { resilience: { maxRetries: 0 } }))
      const { sync } = await bot()
      const result = await sync(mirroredSource({ sources, clock: time.clock }))
      assert.equal(result.inCharge, fresh.releaseId, `${some.join(', ')}: ${JSON.stringify(result.refused)}`)
    }),
    { numRuns: long ? 100 : 12, seed: 14 },
  )
})

test('fault 14: the corrupt mirror is left alone for 30 s, then for longer, while the others serve', async t => {
  const time = virtualTime(1e9)
  const corrupt = await mirror(t, 'forged pointer')
  const good = await mirror(t, 'new')
  const quick = { resilience: { maxRetries: 0 } }
  const sources = [sourceAt(corrupt.url, quick), sourceAt(good.url, quick)]
  const source = mirroredSource({ sources, clock: time.clock })
  const keeping = await keepingBot()
  assert.equal(await keeping.pass(source), 'installed')
  assert.deepEqual(
    keeping.last()!.refused.map(({ code }) => code),
    ['SIGNATURE_INVALID'],
  )
  const askedAfter = async (seconds: number): Promise<boolean> => {
    const before = corrupt.requests.length
    await time.advance(seconds * 1_000)
    await keeping.pass(source)
    return corrupt.requests.length > before
  }
  assert.deepEqual([await askedAfter(29), await askedAfter(1)], [false, true])
  assert.deepEqual([await askedAfter(59), await askedAfter(1)], [false, true])
})

test('fault 14: where every mirror is corrupt the release in charge stays, and one is asked again at once', async t => {
  const time = virtualTime(1e9)
  const servers = [await mirror(t, 'forged model'), await mirror(t, 'forged model')]
  const source = mirroredSource({ sources: servers.map(({ url }) => sourceAt(url)), clock: time.clock })
  const keeping = await keepingBot()
  assert.equal(await keeping.pass(source), 'MEMBER_HASH MEMBER_HASH')
  keeping.assertKept('two corrupt mirrors')
  assert.equal(await keeping.pass(source), 'MEMBER_HASH')
  for (const server of servers) server.schedule()
  assert.equal(await keeping.pass(source), 'installed')
})
