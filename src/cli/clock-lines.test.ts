import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import type { ClockEvent } from '../loop/clock-event.ts'
import type { TrainingRow } from '../trading/journal.ts'
import { clockFacts, clockLine } from './clock-lines.ts'

const at = Date.UTC(2026, 0, 15, 14, 30)
const slot = 'stable/SPX@2026-01-15T14:30Z'
const release = { releaseId: 'r-1', channel: 'stable', version: 7, manifestSha256: 'd1' }
const row = (over: object) => ({
  report: '{}',
  effectiveRows: null,
  durationMs: 0,
  release: null,
  fault: null,
  ...over,
})
const fault = new Fault('DISK_FULL', 'no space')
const result = { installed: 0, releaseId: null, previous: null, refused: [], inCharge: 'r-1', upToDate: true } as const

const EVENTS: readonly (readonly [event: ClockEvent, line: RegExp])[] = [
  [{ type: 'trainingStarted', slot, at }, /slot .*: training$/],
  [
    {
      type: 'trainingEnded',
      slot,
      at,
      row: row({ status: 'released', effectiveRows: 119.6, durationMs: 7512, release }) as TrainingRow,
    },
    /trained on 120 effective rows in 7\.5 s$/,
  ],
  [
    {
      type: 'trainingEnded',
      slot,
      at,
      row: row({ status: 'skipped', report: '{"reason":"skipped: nothing new"}' }) as TrainingRow,
    },
    /: skipped: nothing new$/,
  ],
  [
    {
      type: 'trainingEnded',
      slot,
      at,
      row: row({ status: 'failed', fault: 'TRAIN_TOO_FEW', report: '{"sentence":"9 rows"}' }) as TrainingRow,
    },
    /: TRAIN_TOO_FEW: 9 rows$/,
  ],
  [
    { type: 'published', slot, at, releaseId: 'r-1', label: 'one', version: 7, digest: 'd1', place: '/tree' },
    /published r-1 \(one\) to \/tree$/,
  ],
  [{ type: 'signedOn', at, releaseId: 'r-1', expiresAt: '2026-01-15T16:00:00Z' }, /nothing new: r-1 is signed on/],
  [{ type: 'slotFailed', slot, at, fault }, /failed: DISK_FULL no space$/],
  [
    { type: 'synced', source: '/tree', at, pass: { outcome: { ok: true, value: result }, failures: 0, nextAt: at } },
    /up to date; in charge: r-1; next at 2026-01-15 14:30:00Z \(\/tree\)$/,
  ],
  [
    { type: 'synced', source: '/tree', at, pass: { outcome: { ok: false, fault }, failures: 1, nextAt: at } },
    /failed: DISK_FULL no space; next at .* \(\/tree\)$/,
  ],
  [
    { type: 'driftFound', at, model: 'meta', severity: 'high', detector: 'psi', sentence: 'PSI of rsi 0.412' },
    /drift of meta, high: PSI of rsi 0\.412$/,
  ],
  [{ type: 'modelAged', at, releasedAt: at, maxHours: 24 }, /newest release, of .*, is older than 24 hours$/],
  [{ type: 'syncLimited', source: '/tree', at, nextAt: at }, /Rate limiting - skipping sync until .* \(\/tree\)$/],
]

test('every event is one line that begins with its time', () => {
  for (const [event, wanted] of EVENTS) {
    const line = clockLine(event)
    assert.match(line, /^2026-01-15 14:30:00Z [^\n]+$/)
    assert.match(line, wanted)
  }
})

test('every event is one flat JSON object with its type and time, and a training does not bring its report along', () => {
  for (const [event] of EVENTS) {
    const facts = JSON.parse(JSON.stringify(clockFacts(event))) as Record<string, unknown>
    assert.deepEqual([facts['type'], facts['at']], [event.type, '2026-01-15T14:30:00.000Z'])
    assert.equal('report' in facts || 'row' in facts, false)
  }
  assert.deepEqual(clockFacts(EVENTS[1]![0]), {
    type: 'trainingEnded',
    at: '2026-01-15T14:30:00.000Z',
    slot,
    status: 'released',
    reason: null,
    effectiveRows: 119.6,
    durationMs: 7512,
    releaseId: 'r-1',
    version: 7,
  })
})
