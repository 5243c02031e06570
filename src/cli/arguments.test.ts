import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InvalidArgumentError } from 'commander'
import {
  amount,
  barLength,
  cadence,
  columnMap,
  hexDigest,
  minutes,
  serverUrl,
  shareBelowOne,
  speedFactor,
  utcTime,
  wholeNumber,
  zoneName,
} from './arguments.ts'

type Parser = (text: string) => unknown

const accepted: readonly (readonly [Parser, string, unknown])[] = [
  [wholeNumber(0), '0', 0],
  [amount(1000, 1e9), '1e5', 100_000],
  [shareBelowOne, '0.25', 0.25],
  [barLength, '15m', 900_000],
  [minutes, '15m', 15],
  [minutes, '90s', 1.5],
  [columnMap, 'date=Date,close=Last', { date: 'Date', close: 'Last' }],
  [zoneName, 'America/New_York', 'America/New_York'],
  [utcTime, '2026-01-15', Date.UTC(2026, 0, 15)],
  [utcTime, '2026-01-15T14:03:07Z', Date.UTC(2026, 0, 15, 14, 3, 7)],
  [cadence, '63', { bars: 63 }],
  [cadence, '30m', { ms: 1_800_000 }],
  [cadence, '1d', { ms: 86_400_000 }],
  [speedFactor, '10', 10],
  [speedFactor, '0.5x', 0.5],
  [speedFactor, 'max', Number.POSITIVE_INFINITY],
  [hexDigest, 'AB'.repeat(32), 'ab'.repeat(32)],
]

test('what is of the form is read', () => {
  for (const [parse, text, value] of accepted) assert.deepEqual(parse(text), value, text)
})

const refusals: readonly (readonly [Parser, readonly string[]])[] = [
  [wholeNumber(1), ['0', '-1', '1.5', '', ' 1', '1e3', '99999999999999999999', 'one']],
  [amount(1000, 1e9), ['999', '1000000001', '', 'NaN', 'Infinity', '$1000']],
  [cadence, ['0', '-1', '1.5h', '0m', '10s', 'h', '']],
  [speedFactor, ['0', '-1', '', 'fast', '10001']],
  [shareBelowOne, ['1', '-0.1', '', 'x']],
  [barLength, ['1', 'm', '0m', '1w', '99999d', '1.5h']],
  [minutes, ['15', 'm', '0m', '1d', '-1m', '1.5h']],
  [
    serverUrl,
    ['127.0.0.1:8000', 'http://example.com', 'https://a.example/api', 'https://u:p@a.example', 'ftp://127.0.0.1', ''],
  ],
  [columnMap, ['date', 'date=', '=x', 'a=b=c', '']],
  [zoneName, ['Mars/Olympus', '']],
  [utcTime, ['2026-02-30', '2026-01-15T14:03:07+01:00', 'yesterday', '1700000000000', '']],
  [hexDigest, ['ab', 'g'.repeat(64), `${'a'.repeat(64)} `]],
]

test('what is not of the form is a usage error that says what is', () => {
  for (const [parse, texts] of refusals) {
    for (const text of texts) {
      assert.throws(
        () => parse(text),
        (error: unknown) => error instanceof InvalidArgumentError && /expected/.test(error.message),
        text,
      )
    }
  }
})
