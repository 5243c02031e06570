// `ratchet data export`: what comes out goes in again as the same bars, daily and intraday.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { storedMarket } from '../../src/loop/stored-market.ts'
import { SAMPLE, type World, world } from './host.ts'

async function barsOf({ ports, state }: World, symbol: string) {
  const opened = await ports.openState(state)
  const market = await storedMarket(opened, symbol, ports)
  await opened.close()
  return market!.series.bars
}

test('an exported series imports as the same bars', async context => {
  const here = await world(context)
  const minutes = join(here.directory, 'minutes.csv')
  const rows = Array.from({ length: 400 }, (_, i) => {
    const time = new Date(Date.UTC(2026, 0, 14, 15, i)).toISOString()
    const price = 4000 + 0.25 * (i % 7)
    return [time, price, price + 0.5, price - 0.25, price + 0.25, 10 + i].join(',')
  })
  writeFileSync(minutes, ['time,open,high,low,close,volume', ...rows].join('\n'))
  for (const [file, symbol, first] of [
    [SAMPLE, 'SPX', /^date,open,high,low,close,volume\n2000-01-03,/],
    [minutes, 'X', /^time,open,high,low,close,volume\n2026-01-14T15:00:00\.000Z,4000,/],
  ] as const) {
    const line = ['--symbol', symbol, ...(symbol === 'X' ? ['--calendar', '24x7'] : [])]
    assert.equal((await here.run('data', 'import', file, ...line)).code, 0)
    const out = join(here.directory, `${symbol}.csv`)
    const { code, err } = await here.run('data', 'export', '--symbol', symbol, '--out', out)
    assert.equal(code, 0, err)
    assert.match(readFileSync(out, 'utf8'), first)
    const other = await world(context)
    const again = await other.run('data', 'import', out, ...line)
    assert.equal(again.code, 0, again.err)
    assert.deepEqual(await barsOf(other, symbol), await barsOf(here, symbol))
    assert.equal((await here.run('data', 'export', '--symbol', symbol, '--out', out)).code, 5)
  }
  assert.equal((await here.run('data', 'export', '--symbol', 'NONE', '--out', join(here.directory, 'n.csv'))).code, 4)
})
