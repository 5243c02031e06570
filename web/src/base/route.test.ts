// Addresses of views.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hrefOf, PAGES, parseRoute } from './route.ts'

test('what is written as an address is read back', () => {
  for (const page of PAGES) {
    const route = { page, query: { why: '12', release: 'a b&c' } }
    assert.deepEqual(parseRoute(hrefOf(route)), route)
  }
})

test('nothing and nonsense lead to the overview', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#nowhere?x=1']) assert.equal(parseRoute(hash).page, 'overview')
})
