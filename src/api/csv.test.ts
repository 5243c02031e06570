import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf, wantsCsv } from './csv.ts'

test('fields with separators, quotes and line ends are quoted (RFC 4180)', () => {
  assert.equal(
    csvOf(
      ['a', 'b'],
      [
        { a: 'x,y', b: 'say "hi"' },
        { a: null, b: 1.5 },
      ],
    ),
    'a,b\r\n"x,y","say ""hi"""\r\n,1.5\r\n',
  )
})

test('an empty list has its header', () => {
  assert.equal(csvOf(['a'], []), 'a\r\n')
})

test('CSV is for those who ask for it', () => {
  assert.deepEqual([wantsCsv('text/csv'), wantsCsv('application/json'), wantsCsv(undefined)], [true, false, false])
})
