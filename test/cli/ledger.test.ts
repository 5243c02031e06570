// `ratchet ledger` on a state directory in which something was tried, from the outside.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { draftOf } from '../../src/trading/ledger/ledger.checks.ts'
import { world } from './host.ts'

const META = 'ab12'.padEnd(64, '0')
const SIZER = 'ab34'.padEnd(64, '0')

async function tried(context: TestContext) {
  const own = await world(context)
  const { ports, state } = own
  const opened = await ports.openState(state)
  await opened.ledger.append([
    draftOf('a', { hypothesis: META, kind: 'configuration', at: Date.UTC(2026, 0, 5) }),
    draftOf('b', { hypothesis: META, kind: 'holdout', at: Date.UTC(2026, 0, 6) }),
    draftOf('c', { hypothesis: SIZER, subject: 'rl_sizer of SPX', kind: 'trial' }),
    draftOf('d', { hypothesis: META, kind: 'look', at: Date.UTC(2026, 0, 7) }),
  ])
  await opened.close()
  return own
}

test('an empty ledger says so, and is whole', async context => {
  const { run, json } = await world(context)
  assert.match((await run('ledger', 'list')).out, /^nothing was tried yet/)
  assert.deepEqual((await json('ledger', 'verify')).value['head'], null)
})

test('list counts trials, looks and views of the holdout by hypothesis', async context => {
  const { run, json } = await tried(context)
  const { code, value } = await json('ledger', 'list')
  assert.equal(code, 0)
  const times = { firstAt: Date.UTC(2026, 0, 5), lastAt: Date.UTC(2026, 0, 7) }
  assert.deepEqual(value['hypotheses'], [
    { hypothesis: META, subject: 'meta of SPX', ...times, trials: 1, looks: 1, holdoutViews: 1, entries: 3 },
    {
      hypothesis: SIZER,
      subject: 'rl_sizer of SPX',
      firstAt: 1_000,
      lastAt: 1_000,
      trials: 1,
      looks: 0,
      holdoutViews: 0,
      entries: 1,
    },
  ])
  assert.match(
    (await run('ledger', 'list')).out,
    /ab1200000000 +meta of SPX +1 trial +1 look +1 holdout view +last 2026/,
  )
})

test('show lists the entries of one hypothesis, by the beginning of its name', async context => {
  const { run, json } = await tried(context)
  const { value } = await json('ledger', 'show', 'ab12')
  const list = value['list'] as readonly { readonly seq: number; readonly kind: string }[]
  assert.deepEqual(
    list.map(({ seq, kind }) => [seq, kind]),
    [
      [1, 'configuration'],
      [2, 'holdout'],
      [4, 'look'],
    ],
  )
  assert.match(
    (await run('ledger', 'show', META)).out,
    /^meta of SPX \(ab1200000000\): 1 trial, 1 look, 1 holdout view/,
  )
  const unknown = await json('ledger', 'show', 'ffff')
  assert.equal(unknown.code, 4)
  assert.match(JSON.stringify(unknown.value), /LEDGER_UNKNOWN.*ratchet ledger list/)
  assert.equal((await json('ledger', 'show', 'ab')).code, 4)
})

test('two hypotheses of one beginning are told apart by more of it', async context => {
  const own = await world(context)
  const opened = await own.ports.openState(own.state)
  await opened.ledger.append([
    draftOf('a', { hypothesis: META }),
    draftOf('b', { hypothesis: META.replace('12', '12f') }),
  ])
  await opened.close()
  const { code, value } = await own.json('ledger', 'show', 'ab12')
  assert.equal(code, 2)
  assert.match(JSON.stringify(value), /LEDGER_AMBIGUOUS/)
})

test('verify finds a whole ledger whole, and names the first entry that was changed', async context => {
  const { json, run, state } = await tried(context)
  const whole = await json('ledger', 'verify')
  assert.equal(whole.code, 0)
  assert.equal(whole.value['entries'], 4)
  const file = readdirSync(state).find(name => name.endsWith('.db'))!
  const database = new DatabaseSync(join(state, file))
  database.exec("UPDATE ledger SET kind = 'look' WHERE seq = 3")
  database.close()
  const { code, value } = await json('ledger', 'verify')
  assert.equal(code, 1)
  assert.match(JSON.stringify(value), /LEDGER_BROKEN.*ledger:3/)
  assert.match((await run('ledger', 'verify')).err, /ledger entry 3 was changed/)
})
