import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LedgerEntry, nextEntry, verifyLedger } from './entry.ts'
import { draftOf } from './ledger.checks.ts'

function chain(length: number): LedgerEntry[] {
  const entries: LedgerEntry[] = []
  for (let i = 0; i < length; i++) entries.push(nextEntry(entries.at(-1), draftOf(`${i}`, { at: i })))
  return entries
}

test('an edit of any field of any entry is found, by place', () => {
  const entries = chain(6)
  verifyLedger(entries)
  for (const [place, entry] of entries.entries()) {
    for (const [name, value] of Object.entries(entry)) {
      const changed = { ...entry, [name]: typeof value === 'number' ? value + 1 : `${value}x` } as LedgerEntry
      const edited = entries.with(place, changed)
      assert.throws(() => verifyLedger(edited), { code: 'LEDGER_BROKEN', place: `ledger:${place + 1}` }, name)
    }
  }
})

test('an edit of any byte of what was found is found', () => {
  const entries = chain(3)
  const body = entries[1]!.body!
  for (let at = 0; at < body.length; at++) {
    const edited = body.slice(0, at) + String.fromCharCode(body.charCodeAt(at) ^ 1) + body.slice(at + 1)
    assert.throws(() => verifyLedger(entries.with(1, { ...entries[1]!, body: edited })), { code: 'LEDGER_BROKEN' })
  }
})

test('an entry that was taken out or put elsewhere is found', () => {
  const entries = chain(4)
  assert.throws(() => verifyLedger(entries.toSpliced(1, 1)), { code: 'LEDGER_BROKEN' })
  assert.throws(() => verifyLedger(entries.slice(1)), { code: 'LEDGER_BROKEN' })
  assert.throws(() => verifyLedger([entries[1]!, entries[0]!, ...entries.slice(2)]), { code: 'LEDGER_BROKEN' })
})
