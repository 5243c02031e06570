// The laws of a registry: every implementation must pass them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SlotEvent, type SlotEventDraft, verifyHistory } from './history.ts'
import type { GateReportRow, MemberRow, Registry, ReleaseRow, ReleaseTexts } from './registry.ts'

const digest = (name: string): string => name.repeat(64).slice(0, 64)

const row = (name: string, over: Partial<ReleaseRow> = {}): ReleaseRow => ({
  digest: digest(name),
  releaseId: `r-${name}`,
  channel: 'demo',
  version: 1,
  label: '20200101_000000_1',
  state: 'installed',
  firstSeen: 1_000,
  ...over,
})

const texts = (name: string): ReleaseTexts => ({
  manifest: `{"releaseId":"r-${name}","schema":"ratchet.manifest/1"}`,
  evaluation: `{"schema":"ratchet.evaluation/1","symbol":"${name}"}`,
})

const release = (name: string, over: Partial<ReleaseRow> = {}): ReleaseRow & ReleaseTexts => ({
  ...row(name, over),
  ...texts(name),
})

const members: readonly MemberRow[] = [
  { name: 'models/meta.onnx', sha256: digest('e'), size: 10, role: 'meta', mediaType: 'application/octet-stream' },
  { name: 'features.json', sha256: digest('f'), size: 5, mediaType: 'application/json' },
]

const gates = (name: string, at = 1_000): GateReportRow => ({
  digest: digest(name),
  at,
  reportSha256: digest('9'),
  report: '{"verdict":"pass"}',
  verdict: 'pass',
  decidedBy: null,
})

const draft = (over: Partial<SlotEventDraft> = {}): SlotEventDraft => ({
  at: 1_000,
  slot: 'main',
  event: 'activated',
  from: null,
  to: digest('a'),
  actor: 'updater',
  cause: 'gates passed — “ok”',
  gateReportSha256: null,
  configSha256: digest('c'),
  codeVersion: '0.1.0',
  ...over,
})

/** @param make an empty registry for one test; `close` is called at its end */
export function checkRegistry(
  name: string,
  make: () => Promise<{ readonly registry: Registry; readonly close?: () => Promise<void> }>,
): void {
  const law = (words: string, body: (registry: Registry) => Promise<void>): void => {
    test(`${name}: ${words}`, async () => {
      const { registry, close } = await make()
      try {
        await body(registry)
      } finally {
        await close?.()
      }
    })
  }

  law('is empty at first', async registry => {
    assert.deepEqual(await registry.releases(), [])
    assert.deepEqual(await registry.events(), [])
    assert.deepEqual(await registry.blocks(), [])
    assert.equal(await registry.blockOf(digest('a')), undefined)
    assert.deepEqual(await registry.gateReports(digest('a')), [])
    assert.equal(await registry.documents(digest('a')), undefined)
    assert.equal(await registry.lastHandover('main'), undefined)
    assert.deepEqual(await registry.eventCounts('demo'), new Map())
  })

  law('gives back what was saved, in order of first seen', async registry => {
    await registry.saveRelease(release('a', { firstSeen: 2_000 }), members, gates('a'))
    await registry.saveRelease(release('b'), members, gates('b'))
    assert.deepEqual(await registry.releases(), [row('b'), row('a', { firstSeen: 2_000 })])
    assert.deepEqual(await registry.gateReports(digest('a')), [gates('a')])
  })

  law('a list is without texts, and those of one release are asked for by its digest', async registry => {
    await registry.saveRelease(release('a'), members, gates('a'))
    await registry.saveRelease(release('b'), members, gates('b'))
    assert.deepEqual(
      (await registry.releases()).flatMap(known => Object.keys(known)).filter(name => name in texts('a')),
      [],
    )
    assert.deepEqual(await registry.documents(digest('b')), texts('b'))
    assert.deepEqual(await registry.documents(digest('a')), texts('a'))
  })

  law('the releases of one channel can be asked for alone', async registry => {
    await registry.saveRelease(release('a', { firstSeen: 3_000 }), members, gates('a'))
    await registry.saveRelease(release('b', { channel: 'other' }), members, gates('b'))
    await registry.saveRelease(release('c', { firstSeen: 2_000 }), members, gates('c'))
    assert.deepEqual(
      (await registry.releases('demo')).map(({ releaseId }) => releaseId),
      ['r-c', 'r-a'],
    )
    assert.deepEqual(await registry.releases('other'), [row('b', { channel: 'other' })])
    assert.deepEqual(await registry.releases('none'), [])
  })

  law('saving a digest again keeps when it was first seen, takes the new state and adds the report', async registry => {
    await registry.saveRelease(release('a', { state: 'refused' }), members, gates('a'))
    await registry.saveRelease(release('a', { firstSeen: 9_000 }), members, gates('a', 2_000))
    assert.deepEqual(await registry.releases(), [row('a')])
    assert.deepEqual(await registry.gateReports(digest('a')), [gates('a'), gates('a', 2_000)])
  })

  law('states change one release, and of an unknown one it is a fault', async registry => {
    await registry.saveRelease(release('a'), members, gates('a'))
    await registry.saveRelease(release('b'), members, gates('b'))
    await registry.setState(digest('a'), 'quarantined')
    assert.deepEqual(
      (await registry.releases()).map(row => row.state),
      ['quarantined', 'installed'],
    )
    await assert.rejects(registry.setState(digest('z'), 'active'), { code: 'RELEASE_UNKNOWN' })
  })

  law('a block stays with its first reason until it is lifted', async registry => {
    const block = { digest: digest('a'), at: 1_000, code: 'GATE_REFUSED', reason: 'G6' }
    await registry.block(block)
    await registry.block({ ...block, at: 2_000, reason: 'other' })
    assert.deepEqual(await registry.blockOf(digest('a')), block)
    assert.deepEqual(await registry.blocks(), [block])
    await registry.unblock(digest('a'))
    await registry.unblock(digest('a'))
    assert.equal(await registry.blockOf(digest('a')), undefined)
  })

  law('events are chained and verify after they were read back', async registry => {
    const first = await registry.append(draft())
    await registry.append(draft({ at: 500, event: 'rolledBack', from: digest('a'), to: null, slot: 'other' }))
    await registry.append(draft({ gateReportSha256: digest('9') }))
    const events = await registry.events()
    assert.deepEqual(
      events.map(event => event.seq),
      [1, 2, 3],
    )
    assert.deepEqual(events[0], first)
    verifyHistory(events)
  })

  law('an event sets the states it names, and leaves unknown digests out', async registry => {
    await registry.saveRelease(release('a'), members, gates('a'))
    await registry.append(
      draft(),
      new Map([
        [digest('a'), 'active'],
        [digest('z'), 'previous'],
      ]),
    )
    assert.deepEqual(
      (await registry.releases()).map(row => row.state),
      ['active'],
    )
  })

  law('the last handover is that of its slot, and no refusal', async registry => {
    await registry.append(draft())
    const back = await registry.append(draft({ event: 'rolledBack', from: digest('a'), to: null }))
    await registry.append(draft({ event: 'refused', to: digest('b') }))
    const elsewhere = await registry.append(draft({ slot: 'other' }))
    assert.deepEqual(await registry.lastHandover('main'), back)
    assert.deepEqual(await registry.lastHandover('other'), elsewhere)
    assert.equal(await registry.lastHandover('none'), undefined)
  })

  law('who was in charge at a time is the last handover not after it, since the slot began again', async registry => {
    const to = (name: string, at: number, over = {}) => registry.append(draft({ to: digest(name), at, ...over }))
    assert.equal(await registry.handoverAt('main', 1e15), undefined)
    await to('a', 9_000)
    const restart = await to('b', 1_000, { event: 'restarted' })
    const first = await to('c', 2_000)
    await to('d', 2_500, { event: 'refused' })
    const elsewhere = await to('e', 2_600, { slot: 'other' })
    const second = await to('f', 3_000, { event: 'rolledBack' })
    const times = [999, 1_000, 1_999, 2_000, 2_999, 3_000, 1e15]
    const found: (SlotEvent | undefined)[] = []
    for (const time of times) found.push(await registry.handoverAt('main', time))
    assert.deepEqual(found, [undefined, restart, restart, first, first, second, second])
    assert.deepEqual(await registry.handoverAt('other', 1e15), elsewhere)
    assert.deepEqual(await registry.slots(), ['main', 'other'])
    // Times fall once more, by a restart elsewhere.
    const again = await to('g', 500, { slot: 'other', event: 'restarted' })
    const third = await to('h', 2_900)
    assert.deepEqual(
      [await registry.handoverAt('main', 2_950), await registry.handoverAt('main', 2_000)],
      [third, first],
    )
    assert.deepEqual(await registry.handoverAt('other', 600), again)
  })

  law('the newest event of some kinds is that of its slot', async registry => {
    const pinned = await registry.append(draft({ event: 'pinned' }))
    await registry.append(draft({ event: 'pinned', slot: 'other' }))
    await registry.append(draft())
    assert.deepEqual(await registry.lastEvent('main', ['pinned', 'unpinned']), pinned)
    const unpinned = await registry.append(draft({ event: 'unpinned' }))
    assert.deepEqual(await registry.lastEvent('main', ['pinned', 'unpinned']), unpinned)
    assert.deepEqual(await registry.eventsOf('main', ['pinned', 'unpinned']), [pinned, unpinned])
    assert.deepEqual(await registry.eventsOf('none', ['pinned']), [])
    assert.equal(await registry.lastEvent('main', ['blocked']), undefined)
    assert.equal(await registry.lastEvent('none', ['pinned']), undefined)
  })

  law('events are counted by kind, of the releases of one channel', async registry => {
    await registry.saveRelease(release('a'), members, gates('a'))
    await registry.saveRelease(release('b'), members, gates('b'))
    await registry.saveRelease(release('c', { channel: 'other' }), members, gates('c'))
    for (const to of ['a', 'b', 'c', 'z']) await registry.append(draft({ to: digest(to) }))
    await registry.append(draft({ event: 'refused', to: digest('b') }))
    await registry.append(draft({ event: 'rolledBack', from: digest('b'), to: null }))
    assert.deepEqual(
      await registry.eventCounts('demo'),
      new Map([
        ['activated', 2],
        ['refused', 1],
      ]),
    )
    assert.deepEqual(await registry.eventCounts('other'), new Map([['activated', 1]]))
    assert.deepEqual(await registry.eventCounts('none'), new Map())
  })

  law('events appended at the same time still form one chain', async registry => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => registry.append(draft({ at }))))
    const events = await registry.events()
    assert.equal(events.length, 20)
    verifyHistory(events)
  })
}
