// The laws of a ledger: every implementation must pass them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LEDGER_KINDS, type LedgerDraft, verifyLedger } from './entry.ts'
import type { Ledger } from './ledger.ts'

export const draftOf = (key: string, over: Partial<LedgerDraft> = {}): LedgerDraft => ({
  key,
  at: 1_000,
  kind: 'trial',
  hypothesis: 'h'.repeat(64),
  subject: 'meta of SPX',
  actor: 'replay-1',
  configSha256: 'c'.repeat(64),
  snapshotId: 'd'.repeat(64),
  until: 900,
  body: '{"note":"“ok”"}',
  ...over,
})

/** @param make an empty ledger for one test; `close` is called at its end */
export function checkLedger(
  name: string,
  make: () => Promise<{ readonly ledger: Ledger; readonly close?: () => Promise<void> }>,
): void {
  const law = (words: string, body: (ledger: Ledger) => Promise<void>): void => {
    test(`${name}: ${words}`, async () => {
      const { ledger, close } = await make()
      try {
        await body(ledger)
      } finally {
        await close?.()
      }
    })
  }

  law('is empty at first', async ledger => {
    assert.deepEqual(await ledger.entries(), [])
    assert.deepEqual(await ledger.entries('h'), [])
  })

  law('gives back what was entered, in order, chained', async ledger => {
    const drafts = LEDGER_KINDS.map((kind, at) =>
      draftOf(kind, { kind, at, body: at % 2 === 0 ? null : `{"a":${at}}` }),
    )
    await ledger.append(drafts.slice(0, 3))
    await ledger.append([])
    await ledger.append(drafts.slice(3))
    const entries = await ledger.entries()
    assert.deepEqual(
      entries.map(({ seq, prevHash, hash, ...draft }) => [draft, seq, prevHash.length, hash.length]),
      drafts.map((draft, at) => [draft, at + 1, 64, 64]),
    )
    verifyLedger(entries)
  })

  law('the entries of one hypothesis can be asked for alone', async ledger => {
    await ledger.append([draftOf('a'), draftOf('b', { hypothesis: 'other' }), draftOf('c')])
    assert.deepEqual(
      (await ledger.entries('h'.repeat(64))).map(({ key, seq }) => [key, seq]),
      [
        ['a', 1],
        ['c', 3],
      ],
    )
    assert.equal((await ledger.entries('none')).length, 0)
  })

  law('what is entered again under its key stays as it was first', async ledger => {
    await ledger.append([draftOf('a')])
    await ledger.append([draftOf('a', { at: 9_000, body: null }), draftOf('b'), draftOf('b')])
    const entries = await ledger.entries()
    assert.deepEqual(
      entries.map(({ key, at }) => [key, at]),
      [
        ['a', 1_000],
        ['b', 1_000],
      ],
    )
    verifyLedger(entries)
  })

  law('what is entered at the same time still forms one chain', async ledger => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => ledger.append([draftOf(`${at}`, { at })])))
    const entries = await ledger.entries()
    assert.equal(entries.length, 20)
    verifyLedger(entries)
  })
}
