// What the server sends before any script runs: this needs no browser.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Demo, startDemo } from './demo.ts'

let demo: Demo

before(async () => {
  demo = await startDemo(['serve'])
})

after(() => demo.remove())

test('the page allows scripts and styles of its own only, and stands in no frame', async () => {
  const { headers, status } = await fetch(`${demo.url}/`, { headers: { accept: 'text/html' } })
  assert.equal(status, 200)
  const policy = headers.get('content-security-policy') ?? ''
  for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]) {
    assert.ok(policy.includes(rule), policy)
  }
  assert.ok(!policy.includes('unsafe'), policy)
})

test('every file that the page names is its own and is there', async () => {
  const html = await (await fetch(`${demo.url}/`, { headers: { accept: 'text/html' } })).text()
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!)
  assert.ok(named.length >= 3, html)
  for (const path of named) {
    assert.match(path, /^\/[^/]/)
    assert.equal((await fetch(demo.url + path)).status, 200, path)
  }
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|style="|\son\w+=/, 'nothing is inline')
})
