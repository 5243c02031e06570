import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { escaped, html } from './html.ts'

test('what is put into a template is text, what a template made is markup', () => {
  const inner = html`<b>${'<i>'}</b>`
  assert.equal(
    html`<p title="${'"x"'}">${inner}${[inner]}${7}${undefined}</p>`.toString(),
    ['<p title="&quot;x&quot;">', '<b>&lt;i&gt;</b>', '<b>&lt;i&gt;</b>', '7</p>'].join(''),
  )
})

test('text of an object that looks like markup is not believed', () => {
  const forged: unknown = { toString: () => '<script>' }
  assert.throws(() => html`${forged as string}`, TypeError)
})

test('no text can leave its place or hide what is written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
      const safe = escaped(text)
      assert.doesNotMatch(safe, /[<>"'\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      assert.doesNotMatch(safe.replace(/&(?:amp|lt|gt|quot|#39);/g, ''), /&/)
      assert.ok(safe.isWellFormed())
    }),
  )
})

test('endless text is cut', () => {
  assert.ok(escaped('x'.repeat(1e6)).length < 5_000)
})
