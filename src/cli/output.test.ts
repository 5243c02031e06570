import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/fault.ts'
import { output } from './output.ts'

function terminal(interactive = false) {
  const said = { out: '', err: '' }
  return {
    said,
    interactive,
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
  }
}

const plainOptions = { json: false, quiet: false }

test('results go to stdout, line by line', () => {
  const to = terminal()
  output(to, plainOptions).result({ a: 1 }, ['one', 'two'])
  assert.deepEqual(to.said, { out: 'one\ntwo\n', err: '' })
})

test('with --json the result is one document', () => {
  const to = terminal()
  output(to, { json: true, quiet: false }).result({ a: 1 }, ['one'])
  assert.equal(to.said.out, '{"a":1}\n')
})

test('without a terminal progress is one line per tenth', () => {
  const to = terminal()
  const out = output(to, plainOptions)
  for (let i = 0; i <= 100; i++) out.progress(i / 100, `at ${i} %`)
  assert.equal(to.said.err.trimEnd().split('\n').length, 11)
  assert.doesNotMatch(to.said.err.replaceAll('\n', ''), /\p{Cc}/u)
})

test('in a terminal progress rewrites its line, and what follows begins on a new one', () => {
  const to = terminal(true)
  const out = output(to, plainOptions)
  out.progress(0.1, 'a')
  out.progress(0.2, 'b')
  out.result({}, ['done'])
  assert.equal(to.said.err, '\r\u001B[Ka\r\u001B[Kb\n')
  assert.equal(to.said.out, 'done\n')
})

test('with --no-color a terminal gets plain lines, and a narrow one no line that would wrap', () => {
  const plain = terminal(true)
  const out = output(plain, { ...plainOptions, color: false })
  out.progress(0.05, 'a')
  out.progress(0.15, 'b')
  assert.equal(plain.said.err, 'a\nb\n')
  const narrow = { ...terminal(true), columns: 60 }
  output(narrow, plainOptions).progress(0.5, 'x'.repeat(200))
  assert.equal(narrow.said.err, `\r\u001B[K${'x'.repeat(59)}`)
})

test('--quiet keeps progress and notes to itself, never results or problems', () => {
  const to = terminal()
  const out = output(to, { json: false, quiet: true })
  out.progress(0.5, 'half')
  out.note('aside')
  out.result({}, ['result'])
  out.problem(new Fault('FILE_MISSING', 'no such file'))
  assert.deepEqual(to.said, { out: 'result\n', err: 'FILE_MISSING: no such file\n' })
})

test('a problem says code, sentence, place and what to do, and gives the exit code', () => {
  const to = terminal()
  const fault = new Fault('DATA_TIME_ZONE', 'the time has no zone', { place: 'bars.csv:7', fix: 'pass --tz UTC' })
  assert.equal(output(to, plainOptions).problem(fault), 2)
  assert.equal(to.said.err, 'DATA_TIME_ZONE: the time has no zone (bars.csv:7)\n  To do: pass --tz UTC.\n')
})

test('a remedy that asks keeps its question mark', () => {
  const to = terminal()
  output(to, plainOptions).problem(new Fault('RELEASE_UNKNOWN', 'no release x', { fix: 'did you mean y?' }))
  assert.match(to.said.err, /To do: did you mean y\?\n$/)
})

test('with --json a problem is an object on stdout', () => {
  const to = terminal()
  const code = output(to, { json: true, quiet: false }).problem(new Fault('LOCK_BUSY', 'held', { place: 'x' }))
  assert.equal(code, 5)
  assert.deepEqual(JSON.parse(to.said.out), { error: { code: 'LOCK_BUSY', sentence: 'held', place: 'x' } })
  assert.equal(to.said.err, '')
})

test('an interruption has its own exit code', () => {
  assert.equal(output(terminal(), plainOptions).problem(new Fault('INTERRUPTED', 'stopped')), 130)
})

test('control characters of foreign text never reach the terminal', () => {
  const to = terminal()
  const out = output(to, plainOptions)
  out.result({}, ['a\u001B[31mred\u0007'])
  out.problem(new Fault('FILE_MISSING', 'name \u001B]0;title\u0007'))
  assert.doesNotMatch((to.said.out + to.said.err).replaceAll('\n', ''), /\p{Cc}/u)
})

test('what is no fault is a bug and is thrown on', () => {
  const out = output(terminal(), plainOptions)
  assert.throws(() => out.problem(new TypeError('bug')), TypeError)
})
