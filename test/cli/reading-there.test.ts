// Reading verbs with `--url`: the answer of a running Ratchet in place of the state directory (CLI-01).

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, test } from 'node:test'
import { listen } from '../../src/api/listen.ts'
import { openApiWorld } from '../api/world.ts'
import { world } from './host.ts'

const there = await openApiWorld()
after(() => there.close())
const { port } = await listen(there.api, { host: '127.0.0.1', port: 0, development: true })
const url = `http://127.0.0.1:${port}`

test('models list and history are those of the server, and nothing is made here', async context => {
  const { run, json, state } = await world(context)
  const { label } = there.installed.manifest
  const listed = await run('models', 'list', '--url', url)
  assert.equal(listed.code, 0, listed.err)
  assert.ok(listed.out.startsWith(`in charge of ${url}: ${label}\n`), listed.out)
  const { value } = await json('models', 'list', '--url', url)
  assert.equal(value['inCharge'], there.installed.manifestSha256)
  assert.ok((value['releases'] as readonly unknown[]).length >= 2)
  const history = await run('models', 'history', '--url', url)
  assert.match(history.out, new RegExp(`replay +activated +baseline -> ${label}`))
  const then = await json('models', 'history', '--at', '1990-01-01', '--url', url)
  assert.deepEqual([then.code, then.value['verified']], [0, true])
  assert.equal(existsSync(state), false)
})

test('a server that is not there, or is none of ours, is told apart', async context => {
  const { json } = await world(context)
  const nobody = await json('models', 'list', '--url', 'http://127.0.0.1:1')
  assert.deepEqual([nobody.code, (nobody.value['error'] as { code: string }).code], [3, 'SERVER_UNREACHABLE'])
})

test('what only a state directory answers is refused with --url, and not answered from the one that is here', async context => {
  const { run, state } = await world(context)
  for (const verb of ['ledger list', 'data list', 'models show 1', 'models worth', 'report daily', 'sync --source x']) {
    const { code, err } = await run(...verb.split(' '), '--url', url)
    assert.deepEqual([code, /USAGE: this works on a state directory.*--url/.test(err)], [2, true], `${verb}: ${err}`)
  }
  assert.equal(existsSync(state), false)
})
