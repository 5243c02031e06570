import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bot } from './fixtures/bot.ts'
import { memorySource, tinyRelease } from './fixtures/release.ts'
import { memoryChanges } from './memory-changes.ts'
import { rollBack } from './rollback.ts'

const parameters = (lookback: number, high = 60): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({
      schema: 'ratchet.parameters/1',
      strategies: { Breakout: { lookback: { value: lookback, low: 5, high } } },
    }),
  )

/** A release of the fixtures with a set of parameters beside its models. */
function withParameters(seed: number, bytes: Uint8Array, after?: ReturnType<typeof tinyRelease>) {
  const plain = tinyRelease({ seed, ...(after && { after }) })
  const listed = new Set(plain.manifest.members.map(({ name }) => name))
  const members = new Map([...plain.files].filter(([name]) => listed.has(name)))
  members.set('parameters.json', bytes)
  return tinyRelease({ seed, ...(after && { after }), over: { members } })
}

const a = withParameters(1, parameters(20))
const b = withParameters(2, parameters(30), a)

test('parameters of a release are told as changes when it takes charge, and back when it is taken back', async () => {
  const parameterChanges = memoryChanges()
  const { installation, sync } = await bot({ parameterChanges })
  const source = memorySource(a.files)
  assert.equal((await sync(source)).installed, 1)
  source.offer(b.files)
  const second = await sync(source)
  assert.equal(second.installed, 1, JSON.stringify(second.refused))
  await rollBack({ cause: 'F2', proven: false }, installation)
  const told = (await parameterChanges.newest(10)).toReversed()
  assert.deepEqual(
    told.map(({ strategyName, parameterName, oldValue, newValue, reason }) => [
      `${strategyName}.${parameterName}`,
      oldValue,
      newValue,
      reason,
    ]),
    [
      ['Breakout.lookback', null, 20, `release ${a.manifest.label} took charge`],
      ['Breakout.lookback', 20, 30, `release ${b.manifest.label} took charge`],
      ['Breakout.lookback', 30, 20, 'rolled back: F2'],
    ],
  )
})

test('a release whose parameters lie outside of their bounds is refused by G2', async () => {
  const wild = withParameters(3, parameters(70))
  const { sync, installation } = await bot()
  const result = await sync(memorySource(wild.files))
  assert.deepEqual([result.installed, result.gateReport?.decidedBy], [0, 'G2'])
  assert.match(result.refused[0]?.detail ?? '', /Breakout\.lookback is 70, outside its own bounds/)
  assert.equal(installation.slot.current(), undefined)
})

test('what cannot be told is logged, and the release stays in charge', async () => {
  const parameterChanges = { add: () => Promise.reject(new Error('the disk is full')) }
  const { installation, sync, lines } = await bot({ parameterChanges })
  assert.equal((await sync(memorySource(a.files))).installed, 1)
  assert.equal(installation.slot.current()?.digest, a.manifestSha256)
  assert.ok(lines.some(line => /parameters\.untold .*the disk is full/.test(line)))
})
