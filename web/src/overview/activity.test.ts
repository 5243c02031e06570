// Alerts from lists and events.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReleaseView } from '../../../src/api/schemas/releases.ts'
import { exampleEvent } from '../live/example-status.ts'
import type { Notice } from '../live/picture.ts'
import { activityOf } from './activity.ts'

const nothing = { releases: [], trainings: [], timeline: [] }
const refused: ReleaseView = {
  digest: 'd1',
  releaseId: 'r1',
  label: 'l1',
  channel: 'c',
  version: 1,
  state: 'refused',
  firstSeen: 21_000,
  decidedBy: 'G9',
  reason: 'falls deeper',
  blocked: true,
  blockedByHand: false,
  thin: true,
  baselineRoles: [],
  effectiveRows: 1,
  tenures: [],
}
const judged = (seq: number, drill: boolean) =>
  exampleEvent(seq, 'judged', {
    drill,
    releaseId: 'r1',
    label: 'l1',
    digest: 'd1',
    verdict: 'refused',
    decidedBy: 'G9',
    detail: 'falls deeper',
    gates: [],
    bar: 3,
  }) as Notice

test('what both the list and the stream tell is told once', () => {
  const items = activityOf([judged(21, false)], { ...nothing, releases: [refused] }, 10)
  assert.deepEqual(
    items.map(({ title }) => title),
    ['l1 refused by G9'],
  )
  assert.deepEqual(items[0]!.route, { page: 'models', query: { release: 'd1' } })
})

test('a drill says that it is one and counts beside the real refusal', () => {
  const items = activityOf([judged(22, true), judged(21, false)], nothing, 10)
  assert.deepEqual(
    items.map(({ title }) => title),
    ['DRILL: forged release refused by G9', 'l1 refused by G9'],
  )
})

test('newest first, no more than asked for; what needs nobody is left out', () => {
  const halt = exampleEvent(30, 'risk', { state: 'HALTED', cause: 'KILLED', bar: 1 }) as Notice
  const published = exampleEvent(31, 'published', {
    releaseId: 'r',
    label: 'l',
    version: 1,
    digest: 'd',
    bar: 1,
  }) as Notice
  assert.deepEqual(
    activityOf([published, halt, judged(21, false)], nothing, 1).map(({ tone, title }) => `${tone} ${title}`),
    ['bad Trading is halted'],
  )
})

test('a loss limit that is mostly used is a warning while trading goes on', () => {
  const warning = exampleEvent(32, 'risk', { state: 'ACTIVE', cause: 'DAILY_LOSS', bar: 1 }) as Notice
  assert.deepEqual(
    activityOf([warning], nothing, 1).map(({ tone, title, detail }) => `${tone} ${title}: ${detail}`),
    ['warn Most of a loss limit is used: DAILY_LOSS'],
  )
})
