import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { unwrap } from '../base/fault.ts'
import { canonicalText, indentedText } from './canonical.ts'
import { type JsonValue, parseStrictJson, plainValue } from './strict-json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const parse = (text: string): JsonValue => unwrap(parseStrictJson(bytes(text)))

type Fixture = { readonly documents: readonly { text: string; canonical: string; indented: string }[] }
const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/canonical-python.json', import.meta.url), 'utf8'),
) as Fixture

test('200 random documents canonicalise to the bytes that Python writes', () => {
  assert.equal(fixture.documents.length, 200)
  for (const { text, canonical } of fixture.documents) assert.equal(canonicalText(parse(text)), canonical)
})

test('indented documents are the bytes that Python writes with an indent of two', () => {
  for (const { text, indented } of fixture.documents) assert.equal(indentedText(parse(text)), indented)
})

test('canonical text is a fixed point', () => {
  for (const { canonical } of fixture.documents) assert.equal(canonicalText(parse(canonical)), canonical)
})

const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null))
const document = fc.dictionary(
  fc.string({ unit: 'grapheme' }),
  fc.oneof(leaf, fc.array(fc.dictionary(fc.string(), leaf))),
)

test('plain documents survive parsing unchanged', () => {
  fc.assert(
    fc.property(document, value => {
      const text = JSON.stringify(value)
      assert.deepEqual(plainValue(parse(text)), JSON.parse(text))
    }),
    { seed: 7, numRuns: 300 },
  )
})

test('no bytes make the parser throw anything', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), input => {
      const outcome = parseStrictJson(input)
      if (!outcome.ok) assert.match(outcome.fault.code, /^MANIFEST_/)
    }),
    { seed: 7, numRuns: 3000 },
  )
})

const refusals: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 'MANIFEST_SYNTAX'],
  ['UTF-16', Uint8Array.from(Buffer.from('{"a":1}', 'utf16le')), 'MANIFEST_SYNTAX'],
  ['nothing', '', 'MANIFEST_SYNTAX'],
  ['a raw line feed in a string', '{"a":"x\ny"}', 'MANIFEST_SYNTAX'],
  ['a comma after the last member', '{"a":1,}', 'MANIFEST_SYNTAX'],
  ['a low surrogate first', '{"a":"\\udc00\\ud800"}', 'MANIFEST_SYNTAX'],
  ['an escape that JSON does not have', '{"a":"\\x41"}', 'MANIFEST_SYNTAX'],
  ['a plus sign', '{"a":+1}', 'MANIFEST_SYNTAX'],
  ['a fraction without digits', '{"a":1.}', 'MANIFEST_SYNTAX'],
  ['an integer of 4,301 digits', `{"a":${'9'.repeat(4301)}}`, 'MANIFEST_NUMBER'],
  ['100,000 open brackets', '['.repeat(100_000), 'MANIFEST_DEPTH'],
]
for (const [name, input, code] of refusals) {
  test(`${name}: ${code}`, () => {
    const outcome = parseStrictJson(typeof input === 'string' ? bytes(input) : input)
    assert.equal(outcome.ok ? 'accepted' : outcome.fault.code, code)
  })
}

test('an integer of 4,300 digits and 32 levels are still read', () => {
  assert.equal(canonicalText(parse(`[${'9'.repeat(4300)}]`)).length, 4302)
  assert.equal(canonicalText(parse('['.repeat(32) + ']'.repeat(32))).length, 64)
})

test('a key named __proto__ becomes an ordinary member', () => {
  const value = plainValue(parse('{"__proto__":{"admin":true}}')) as Record<string, unknown>
  assert.deepEqual(Object.keys(value), ['__proto__'])
  assert.equal(value['admin'], undefined)
})
