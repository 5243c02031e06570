// `--timeout` gives up (CLI-01): a command that waits ends by itself, and the exit code says "try later".

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Verb } from '../../src/cli/command.ts'
import { world } from './host.ts'

const wait: Verb = (program, act) => {
  program.command('wait').action(act(async ({ ports, signal }) => ports.timer.sleep(3_600_000, signal)))
}

test('a command that waits gives up when the time is over', async context => {
  const { json } = await world(context, { verbs: [wait] })
  const { code, value } = await json('wait', '--timeout', '1s')
  assert.equal(code, 3)
  const { code: fault, place } = value['error'] as { readonly code: string; readonly place: string }
  assert.deepEqual([fault, place], ['DEADLINE_EXCEEDED', '--timeout'])
})

test('a time that is none is a usage error', async context => {
  const { run } = await world(context)
  const { code, err } = await run('doctor', '--timeout', 'soon')
  assert.equal(code, 2)
  assert.match(err, /a length of time such as 90s, 15m or 1h is expected/)
})
