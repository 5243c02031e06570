// The kill switch on the command line: a file where the loop looks, or a request to the Ratchet that runs elsewhere (RSK-13).

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Fault } from '../../src/base/fault.ts'
import { world } from './host.ts'

/** A server that answers everything alike and remembers what it was asked. */
async function server(context: TestContext, status: number, answer: unknown) {
  const asked: string[] = []
  const http = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += String(chunk)))
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`)
      response.writeHead(status).end(JSON.stringify(answer))
    })
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  context.after(() => http.close())
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, asked }
}

test('kill writes the file with its reason, where there is no state yet and with the database down', async context => {
  const down = () => Promise.reject(new Fault('DATABASE_UNREADABLE', 'the database is gone'))
  const { run, state } = await world(context, { ports: { openState: down } })
  const { code, out } = await run('kill', '--reason', 'fills look wrong')
  assert.equal(code, 0)
  assert.match(out, /kill file is written/)
  assert.match(readFileSync(join(state, 'kill.txt'), 'utf8'), /fills look wrong\n$/)
})

test('with --url the Ratchet that runs there is asked, and nothing is written here', async context => {
  const answer = { done: 'stopped', ends: ['the halt: drawdown'], previewId: 'p1' }
  const { url, asked } = await server(context, 200, answer)
  const { json, state } = await world(context, { ask: async () => 'resume' })
  assert.deepEqual(await json('kill', '--reason', 'too fast', '--url', url), { code: 0, value: { done: 'stopped' } })
  assert.equal((await json('resume', '--reason', 'explained', '--url', url)).code, 0)
  assert.equal((await json('pause', '--reason', 'numbers at nine', '--url', url)).code, 0)
  assert.deepEqual(asked, [
    'POST /api/kill {"reason":"too fast","scopes":[]}',
    'GET /api/trading/resume ',
    'POST /api/trading/resume {"reason":"explained","previewId":"p1"}',
    'POST /api/trading/pause {"reason":"numbers at nine"}',
  ])
  assert.ok(!existsSync(join(state, 'kill.txt')))
})

test('kill for models and publishing: nothing is published, nothing takes charge; a name that is no scope is told', async context => {
  const { run, json, state } = await world(context)
  assert.equal((await run('kill', '--scope', 'models,entires')).code, 2)
  assert.ok(!existsSync(join(state, 'kill.txt')))
  const { value } = await json('kill', '--reason', 'a bad week', '--scope', 'models,publish')
  assert.match(String(value['done']), /no release takes charge, nothing is published/)
  const codeOf = async (...words: readonly string[]) =>
    ((await json(...words)).value['error'] as { readonly code: string }).code
  assert.equal(await codeOf('publish', join(state, 'anything')), 'KILLED')
  assert.equal(await codeOf('sync', '--source', join(state, 'anywhere')), 'KILLED')
})

test('resume needs a reason and a loop; what the loop refuses keeps its code', async context => {
  const { run, json } = await world(context)
  assert.equal((await run('resume', '--url', 'http://127.0.0.1:1')).code, 2)
  assert.equal((await run('resume', '--reason', 'because')).code, 2)
  assert.equal((await run('resume', '--reason', 'because', '--url', 'http://127.0.0.1:1')).code, 3)
  const { url } = await server(context, 422, { code: 'STILL_KILLED', detail: 'the kill file is there', hint: null })
  const { code, value } = await json('resume', '--reason', 'because', '--url', url)
  assert.equal(code, 1)
  assert.equal((value['error'] as { readonly code: string }).code, 'STILL_KILLED')
})

test('resume shows what would end and wants its word, or the id of the preview', async context => {
  const { url, asked } = await server(context, 200, { done: 'goes on', ends: ['the halt: drawdown'], previewId: 'p1' })
  const words = ['resume', '--reason', 'explained', '--url', url]
  const unsure = await world(context, { ask: async () => 'no' })
  const { code, err } = await unsure.run(...words)
  assert.equal(code, 1)
  assert.match(err, /this ends: the halt: drawdown/)
  const alone = await world(context)
  const refused = await alone.run(...words)
  const id = /--preview-id (\w+)/.exec(refused.err)?.[1] ?? ''
  assert.equal((await alone.run(...words, '--yes', '--preview-id', id)).code, 0)
  assert.equal(asked.filter(one => one.startsWith('POST')).length, 1)
})

test('a rollback of the loop at --url shows what is in charge there, and is asked for once its version is typed', async context => {
  const slots = [{ slot: 'main', digest: 'd'.repeat(64), label: '20260115_143000_5' }]
  const { url, asked } = await server(context, 200, { slots, done: 'rolled back' })
  const words = ['models', 'rollback', '--reason', 'too bold', '--url', url]
  const unsure = await world(context, { ask: async () => 'no' })
  assert.equal((await unsure.run(...words)).code, 1)
  const sure = await world(context, { ask: async () => '20260115_143000_5' })
  const { code, out, err } = await sure.run(...words)
  assert.deepEqual([code, out], [0, 'rolled back\n'])
  assert.match(err, /release 20260115_143000_5 of http/)
  assert.deepEqual(asked, ['GET /api/status ', 'GET /api/status ', 'POST /api/releases/rollback {"reason":"too bold"}'])
})

test('risk show lists each limit with its unit and its dollars', async context => {
  const { run, json } = await world(context)
  const { out } = await run('risk', 'show')
  assert.match(out, /^paper account of \$100,000/)
  assert.match(out, /tradingBot\.maxDailyLoss +0\.02 +of equity at day start +\$1,000/)
  assert.match(out, /tradingBot\.maxWeeklyLossDollars +3000 +dollars +\$3,000/)
  assert.match(out, /tradingBot\.maxDrawdown +0\.05 +of peak equity +\$2,000/)
  const { out: replayed } = await run('risk', 'show', '--replay')
  assert.match(replayed, /^replay account of \$100,000/)
  assert.match(replayed, /tradingBot\.maxDailyLoss +0\.02 +of equity at day start +\$2,000/)
  assert.match(replayed, /tradingBot\.maxWeeklyLossDollars +none\n/)
  assert.match(replayed, /tradingBot\.maxDrawdown +0\.2 +of peak equity +\$20,000/)
  const { value } = await json('risk', 'show')
  assert.equal(value['capital'], 100_000)
})
