import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { secretText } from './secret.ts'

test('no way of printing a secret shows it', () => {
  const secret = secretText('hunter2')
  const ways = [
    String(secret),
    ['', secret].join(),
    JSON.stringify({ secret }),
    inspect({ secret }),
    format('%s %o %j', secret, secret, secret),
  ]
  for (const printed of ways) {
    assert.match(printed, /\[secret\]/)
    assert.doesNotMatch(printed, /hunter2|104|68756e/)
  }
})

test('the bytes are those of the text as given', () => {
  assert.deepEqual(secretText('00ff').reveal(), new TextEncoder().encode('00ff'))
})
