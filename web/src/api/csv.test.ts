// Lists as CSV.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf } from './csv.ts'
import { RequestProblem } from './problem.ts'

test('pages follow each other under one header line', async t => {
  const asked: string[] = []
  t.mock.method(globalThis, 'fetch', async (url: string) => {
    asked.push(url)
    const first = !url.includes('cursor')
    return new Response(first ? 'a,b\n1,2\n' : 'a,b\n3,4\n', { headers: first ? { 'x-next-cursor': 'n2' } : {} })
  })
  assert.equal(await csvOf('/api/trades', { run: 'r' }), 'a,b\n1,2\n3,4\n')
  assert.deepEqual(asked, ['/api/trades?run=r&limit=500', '/api/trades?run=r&limit=500&cursor=n2'])
})

test('a refusal is a problem, not a file', async t => {
  t.mock.method(globalThis, 'fetch', async () => new Response('no', { status: 429 }))
  await assert.rejects(csvOf('/api/trades', {}), RequestProblem)
})
