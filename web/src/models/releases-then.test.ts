// Releases as they stood at a time.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReleaseView } from '../../../src/api/schemas/releases.ts'
import { releasesThen } from './releases-then.ts'

const release = (
  version: number,
  firstSeen: number,
  tenures: ReleaseView['tenures'],
  state: ReleaseView['state'],
): ReleaseView => ({
  digest: `d${version}`,
  releaseId: `r${version}`,
  label: `l${version}`,
  channel: 'c',
  version,
  state,
  firstSeen,
  decidedBy: state === 'refused' ? 'G9' : null,
  reason: null,
  blocked: false,
  blockedByHand: false,
  thin: true,
  baselineRoles: [],
  effectiveRows: 1,
  tenures,
})

const history = [
  release(1, 10, [{ from: 10, to: 30 }], 'retired'),
  release(2, 20, [], 'refused'),
  release(3, 30, [{ from: 30, to: 50 }], 'previous'),
  release(4, 50, [{ from: 50, to: null }], 'active'),
]

const states = (at: number) => releasesThen(history, at).map(({ version, state }) => `${version} ${state}`)

test('what is in charge now was not in charge then', () => {
  assert.deepEqual(states(25), ['2 refused', '1 active'])
  assert.deepEqual(states(35), ['3 active', '2 refused', '1 previous'])
  assert.deepEqual(states(60), ['4 active', '3 previous', '2 refused', '1 retired'])
})

test('a tenure that goes on beyond the time is open', () => {
  assert.deepEqual(releasesThen(history, 35).find(({ version }) => version === 3)!.tenures, [{ from: 30, to: null }])
})

test('before the first release there is none', () => {
  assert.deepEqual(releasesThen(history, 5), [])
})

test('a release that came back has two tenures and counts as active in both', () => {
  const back = [
    release(
      1,
      10,
      [
        { from: 10, to: 20 },
        { from: 30, to: null },
      ],
      'active',
    ),
    release(2, 20, [{ from: 20, to: 30 }], 'previous'),
  ]
  assert.deepEqual(
    releasesThen(back, 15).map(({ state }) => state),
    ['active'],
  )
  assert.deepEqual(
    releasesThen(back, 25).map(({ state }) => state),
    ['active', 'previous'],
  )
  assert.deepEqual(
    releasesThen(back, 35).map(({ state }) => state),
    ['previous', 'active'],
  )
})
