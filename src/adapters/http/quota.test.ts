import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quotaPauseMs } from './quota.ts'

const NOW = 1_800_000_000_000

for (const [what, headers, expected] of [
  ['nothing', {}, undefined],
  ['51 left', { 'x-ratelimit-remaining': '51', 'x-ratelimit-reset': '1800000600' }, undefined],
  ['50 left, a time', { 'x-ratelimit-remaining': '50', 'x-ratelimit-reset': '1800000600' }, 600_000],
  ['none left, a wait', { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, 30_000],
  ['a time that is over', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1799999999' }, 0],
  ['a day', { 'ratelimit-remaining': '1', 'ratelimit-reset': '86400' }, 3_600_000],
  ['no number', { 'x-ratelimit-remaining': 'few', 'x-ratelimit-reset': '30' }, undefined],
  ['no reset', { 'x-ratelimit-remaining': '3' }, undefined],
] as const) {
  test(`a quota that says ${what} pauses for ${expected} ms`, () => {
    assert.equal(quotaPauseMs(headers, NOW), expected)
  })
}

test('a time without the server’s own clock says nothing', () => {
  assert.equal(quotaPauseMs({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800000600' }, undefined), undefined)
})
