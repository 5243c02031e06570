import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unwrap } from '../base/fault.ts'
import { compareVersionLabels, isVersionLabel, versionLabel } from './version-label.ts'

test('run numbers are compared as numbers, not as text', () => {
  assert.equal(unwrap(compareVersionLabels('20260115_143000_9', '20260115_143000_10')), -1)
  assert.equal(unwrap(compareVersionLabels('v1.10.0', '1.9.0')), 1)
  assert.equal(unwrap(compareVersionLabels('v1.2.3', '1.2.3')), 0)
})

test('two schemes in one channel are VERSION_SCHEME_CHANGED', () => {
  const outcome = compareVersionLabels('v1.2.3', '20260115_143000_9')
  assert.equal(outcome.ok ? '' : outcome.fault.code, 'VERSION_SCHEME_CHANGED')
})

test('the label of a time and run is a version', () => {
  const label = versionLabel(Date.UTC(2026, 0, 15, 14, 30), 42)
  assert.equal(label, '20260115_143000_42')
  assert.ok(isVersionLabel(label))
})
