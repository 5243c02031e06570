import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LogLevel, tagOf } from '../../base/log.ts'
import { foldedLog, lineLog } from './log.ts'

function logTo(lines: string[], clock = { now: () => 0 }, level: () => LogLevel = () => 'info') {
  return lineLog({ clock, write: line => void lines.push(line), format: 'json', level })
}

test('a line has time, level, event, tag and message, whatever its fields are called', () => {
  const lines: string[] = []
  const log = logTo(lines)
  log.write('info', 'sync.limited', 'Rate limiting - skipping sync', { level: 'mine', requestId: 'r1' })
  log.write('warn', 'model.reload', '[MODEL-RELOAD] Starting model reload: a\u0007b')
  log.write('debug', 'x', 'not told')
  log.write('error', 'api.bug', 'no tag fits')
  assert.deepEqual(
    lines.map(line => JSON.parse(line) as unknown),
    [
      {
        time: '1970-01-01T00:00:00.000Z',
        level: 'info',
        event: 'sync.limited',
        tag: 'CLOUD-SYNC',
        message: 'Rate limiting - skipping sync',
        requestId: 'r1',
      },
      {
        time: '1970-01-01T00:00:00.000Z',
        level: 'warn',
        event: 'model.reload',
        tag: 'MODEL-RELOAD',
        message: '[MODEL-RELOAD] Starting model reload: a\u0007b',
      },
      { time: '1970-01-01T00:00:00.000Z', level: 'error', event: 'api.bug', message: 'no tag fits' },
    ],
  )
  assert.ok(lines.every(line => !/\p{Cc}/u.test(line.trimEnd())))
})

test('the level is asked at each line, so that it can change while the program runs', () => {
  const lines: string[] = []
  let level: LogLevel = 'warn'
  const log = logTo(lines, undefined, () => level)
  log.write('info', 'a', 'one')
  level = 'debug'
  log.write('debug', 'a', 'two')
  assert.equal(lines.length, 1)
})

test('identical lines above ten a second are told once with their number; others are not touched', () => {
  const lines: string[] = []
  let now = 0
  const clock = { now: () => now }
  const log = foldedLog(logTo(lines, clock), clock)
  const messages = () => lines.splice(0).map(line => (JSON.parse(line) as { readonly message: string }).message)
  for (let i = 0; i < 25; i++) log.write('warn', 'a', 'same', { id: 1 })
  log.write('warn', 'a', 'same', { id: 2 })
  assert.equal(messages().length, 11)
  now = 1000
  log.write('warn', 'a', 'same', { id: 1 })
  assert.deepEqual(messages(), ['same (15 more within a second)', 'same'])
  for (let i = 0; i < 11; i++) log.write('warn', 'b', 'end')
  log.flush()
  assert.deepEqual(messages().slice(-1), ['end (1 more within a second)'])
  log.flush()
  assert.deepEqual(messages(), [])
})

test('a refusal carries the tag of its gate under the number that gates had', () => {
  const refusedBy = (gate: string) => tagOf('model.refused', `Model refused - keeping current model: ${gate}: why`)
  assert.deepEqual(['G1', 'G3', 'G6', 'G8', 'G10'].map(refusedBy), [
    'GATE-1',
    'GATE-3',
    'GATE-4',
    'GATE-4',
    'CLOUD-SYNC',
  ])
  assert.equal(tagOf('model.rollback.done', 'x'), 'ROLLBACK')
  assert.equal(tagOf('keys.revoked', 'x'), 'SECURITY')
})
