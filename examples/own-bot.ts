// A bot of your own: it decides with verified models while the next release takes over between two decisions. Nothing is traded.
//   node examples/own-bot.ts [BARS.csv]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { openTable } from '../src/adapters/files/table.ts'
import { systemClock } from '../src/adapters/system/clock.ts'
import { openRuntime } from '../src/entry/serving.ts'
import { featureRow } from '../src/features/row.ts'
import { readSeries } from '../src/loop/import-series.ts'
import { settingsSchema } from '../src/loop/settings.ts'
import { calendarOf } from '../src/market/calendars/index.ts'
import { publisher } from './publisher.ts'

const [, , file = 'node_modules/vega-datasets/data/sp500-2000.csv'] = process.argv
const place = mkdtempSync(`${tmpdir()}/own-bot-`)
const [symbol, hmacKey, to] = ['SPX', crypto.randomUUID(), `${place}/published`]
const publish = publisher({ bars: file, symbol, to, state: `${place}/trainer`, hmacKey })
const series = await readSeries({ file, symbol }, { openTable, settings: settingsSchema.parse({}), clock: systemClock })
const features = featureRow({ ...series, calendar: calendarOf(series.instrument.calendar) }, series)

await publish('7')
const source = { kind: 'files', place: to } as const
const bot = await openRuntime({ stateDir: `${place}/bot`, source, trust: { hmacKey }, symbol, isFlat: () => true })
bot.on('swapped', ({ label, open }) => console.log(`${label} decides; ${open.length} gates left open without bars`))
bot.on('refused', ({ code, sentence }) => console.log(`refused: ${code}: ${sentence}`))
await bot.sync() // polls every quarter of an hour by itself; here we do not want to wait
const swap = publish('8').then(() => bot.sync())
const decided: string[] = []
for (const bar of series.bars) {
  features.update(bar)
  if (!features.ready) continue
  const answer = bot.decide('meta', features.values)
  decided.push(answer.ok ? answer.label : answer.fault.code)
  await new Promise(setImmediate)
  if (bar === series.bars.at(-101)) await swap // a live feed would simply go on meanwhile
}
for (const [by, all] of Map.groupBy(decided, by => by)) console.log(`${all.length} decisions: ${by}`)
await bot.close()
rmSync(place, { recursive: true })
