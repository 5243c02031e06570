// A report can be made again: its own command line, run elsewhere, gives the same JSON, hash included (REP-03).

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../src/base/config.ts'
import { sha256 } from '../../src/base/hash.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import type { Report } from '../../src/report/report.ts'
import { SAMPLE, type World, world } from './host.ts'

type Saved = { readonly html: string; readonly json: string; readonly sha256: string }

/** The words of a shell line with single quotes only. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll(/'([^']*)'/g, '$1'))

async function made({ json }: World, ...words: readonly string[]): Promise<Saved & { readonly command: string[] }> {
  const { code, value } = await json(...words)
  assert.equal(code, 0, JSON.stringify(value).slice(0, 300))
  const saved = value['report'] as Saved
  const text = readFileSync(saved.json, 'utf8')
  assert.equal(sha256(text), saved.sha256)
  assert.ok(readFileSync(saved.html, 'utf8').includes(saved.sha256), 'the page prints the hash of its JSON')
  const report = JSON.parse(text) as Report
  const blocks = report.sections.flatMap(section => section.blocks)
  const command = wordsOf(blocks.find(block => block.kind === 'command')!.text)
  assert.equal(command[0], 'ratchet')
  return { ...saved, command: command.slice(1) }
}

test('a backtest is made again by the command it prints, with the settings it was made with', async context => {
  const settings = loadConfig(settingsSchema, { env: {}, sets: ['tradingBot.maxRiskPerTrade=0.5', 'report.keep=7'] })
  const first = await world(context, { ports: { settings } })
  const page = join(first.directory, 'a page.html')
  const line = ['backtest', '--bars', SAMPLE, '--symbol', 'SPX', '--monte-carlo', '30', '--map', 'close=close']
  const original = await made(first, ...line, '--html', page)
  assert.equal(original.html, page)
  assert.ok(original.command.includes('tradingBot.maxRiskPerTrade=0.5'), original.command.join(' '))
  assert.ok(!original.command.join(' ').includes('report.keep'))
  // The settings of the other world are read from the command line, as the program does it.
  const sets = original.command.filter((_, at) => original.command[at - 1] === '--set')
  const second = await world(context, { ports: { settings: loadConfig(settingsSchema, { env: {}, sets }) } })
  const again = await made(second, ...original.command)
  assert.equal(again.sha256, original.sha256)
  assert.match(again.html, /state\/reports\/backtest-\d{8}_\d{6}_[0-9a-f]{8}\.html$/)
  const changed = await made(second, ...original.command, '--seed', '7')
  assert.notEqual(changed.sha256, original.sha256)
})

test('a training is made again as of the same moment, and its release tells the same when it is installed', async context => {
  const first = await world(context)
  const out = join(first.directory, 'release')
  const line = ['train', '--bars', SAMPLE, '--symbol', 'SPX', '--seed', '3', '--out', out]
  const original = await made(first, ...line, '--html')
  const second = await world(context, { clock: { now: () => Date.now() + 30 * 86_400_000 } })
  const elsewhere = original.command.map(word => (word === 'made-again' ? join(second.directory, word) : word))
  assert.ok(elsewhere.includes('--as-of'))
  assert.equal((await made(second, ...elsewhere)).sha256, original.sha256)

  assert.equal((await first.run('sync', '--source', out)).code, 0)
  const release = await made(first, 'models', 'show', '1', '--html')
  assert.deepEqual(release.command.slice(0, 2), ['models', 'show'])
  assert.equal((await made(first, ...release.command)).sha256, release.sha256)
  const { title, sections } = JSON.parse(readFileSync(release.json, 'utf8')) as Report
  assert.match(title, /^Release \d{8}_\d{6}_1 for SPX$/)
  assert.match(JSON.stringify(sections), /Gates of this installation/)
})

test('without --html no report is written, and people are told where it lies', async context => {
  const { run, state } = await world(context)
  const line = ['backtest', '--bars', SAMPLE, '--symbol', 'SPX', '--monte-carlo', '10']
  assert.doesNotMatch((await run(...line)).out, /^report /m)
  assert.ok(!existsSync(join(state, 'reports')))
  assert.match(
    (await run(...line, '--html')).out,
    /^report .*\/reports\/backtest-.*\.html \(JSON [0-9a-f]{12} and CSV beside it\)$/m,
  )
  assert.deepEqual(
    readdirSync(join(state, 'reports')).map(name => name.slice(name.lastIndexOf('.') + 1)),
    ['csv', 'html', 'json'],
  )
})

test('a place that cannot be written is a fault, not a stack trace', async context => {
  const { run, directory } = await world(context)
  const file = join(directory, 'file')
  writeFileSync(file, '')
  const place = join(file, 'page.html')
  const { code, err } = await run(
    'backtest',
    '--bars',
    SAMPLE,
    '--symbol',
    'SPX',
    '--monte-carlo',
    '10',
    '--html',
    place,
  )
  assert.equal(code, 2)
  assert.match(err, /^[A-Z_]+: /)
})
