// The fuzz harness finds the bugs that were planted for it, names the input, and shows it again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FuzzReport, fuzz } from './watch.ts'

const module = new URL('./planted.ts', import.meta.url)
const HAS_PROC = process.platform === 'linux'
const onLinux = { skip: HAS_PROC ? false : 'what a process uses is read from /proc' }

async function found(name: string, count: number): Promise<FuzzReport> {
  const report = await fuzz({ module, name, seed: 1, count })
  assert.notEqual(report.kind, 'done', `${name}: nothing was found in ${count} inputs`)
  return report
}

/** The same bug at the same input when only that one is made. */
async function again(name: string, report: FuzzReport): Promise<void> {
  assert.ok('index' in report)
  const one = await fuzz({ module, name, seed: report.seed, from: report.index, count: 1 })
  assert.deepEqual([one.kind, 'index' in one && one.index], [report.kind, report.index])
}

test('a reader that dies is found, with the input it died of', async () => {
  const report = await found('crash', 20_000)
  assert.equal(report.kind, 'crash', JSON.stringify(report))
  await again('crash', report)
})

test('a reader that hangs is killed and found', onLinux, async () => {
  const report = await found('hang', 20_000)
  assert.equal(report.kind, 'hang', JSON.stringify(report))
  await again('hang', report)
})

test('a reader that eats the memory is killed and found', onLinux, async () => {
  const report = await found('memory', 20_000)
  assert.equal(report.kind, 'memory', JSON.stringify(report))
  await again('memory', report)
})

test('a reader that accepts a wrong checksum is found by the second reader', async () => {
  const report = await found('checksum', 5_000)
  assert.equal(report.kind, 'threw', JSON.stringify(report))
  assert.match('detail' in report ? report.detail : '', /another checksum/)
  await again('checksum', report)
})

test('a reader that loses digits is found by the second reader', async () => {
  const report = await found('rounding', 5_000)
  assert.equal(report.kind, 'accepted', JSON.stringify(report))
  await again('rounding', report)
})
