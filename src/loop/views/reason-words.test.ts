import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { REASON_CODES, reasonText } from './reason-words.ts'

const trading = fileURLToPath(new URL('../../trading', import.meta.url))

/** Codes as the brain, the rules and the brokers write them: `code: 'X'`, `atMost('RSK-06', 'X', …)`, `refused('X', …)`, `halt('X', …)`. */
const WRITTEN = /(?:code: |'RSK-\d+', |refused\(|halt\(|reduce\()'([A-Z][A-Z_]+)'/g

function codesOfTrading(): Set<string> {
  const files = readdirSync(trading, { recursive: true, encoding: 'utf8' })
  const sources = files.filter(name => name.endsWith('.ts') && !/\.(?:test|checks)\.ts$|fixtures/.test(name))
  const codes = sources.flatMap(name =>
    Array.from(readFileSync(`${trading}/${name}`, 'utf8').matchAll(WRITTEN), match => match[1]!),
  )
  return new Set(codes)
}

test('every code that trading writes has words', () => {
  const codes = codesOfTrading()
  assert.ok(codes.size > 25, `${codes.size} codes are found`)
  const mute = [...codes].filter(code => !REASON_CODES.has(code))
  assert.deepEqual(mute, [])
})

test('words are sentences with their figures in the unit of people', () => {
  const say = (code: string, value: number | null, limit: number | null) => reasonText({ code, value, limit })
  assert.equal(say('CONFIDENCE', 0.6234, 0.7), 'confidence 62.34 % is below the 70 % that an entry needs')
  assert.equal(say('SIZE_ZERO', 650, 1000), 'the risk money, $650, does not pay for one lot, which may lose $1,000')
  assert.equal(say('DAILY_LOSS', 0.93, 0.9), '93 % of the daily loss limit is used; entries end at 90 %')
  assert.equal(
    say('DAILY_LOSS', null, null),
    'the daily loss limit is reached: the position is closed and nothing is entered until tomorrow',
  )
})

test('no sentence shows a figure that is not there', () => {
  for (const code of REASON_CODES) {
    assert.ok(!reasonText({ code, value: 1, limit: 2 }).includes('?'), code)
    assert.doesNotMatch(reasonText({ code, value: 1, limit: 2 }), /NaN|undefined|null/, code)
  }
})

test('a code without words is said as it is', () => {
  assert.equal(reasonText({ code: 'NEW_RULE', value: 1, limit: null }), 'NEW_RULE')
})
