// `ratchet init`: a file with comments that the next start accepts, with or without somebody who answers (INST-06).

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../src/base/config.ts'
import { QUESTIONS } from '../../src/cli/init-questions.ts'
import { type Settings, settingsSchema } from '../../src/loop/settings.ts'
import { world } from './host.ts'

const settingsIn = (file: string): Settings =>
  loadConfig(settingsSchema, { file: { name: file, text: readFileSync(file, 'utf8') }, env: {}, sets: [] })

test('without a terminal every answer is the safe one, and the file is what comes anyway, explained', async context => {
  const { directory, json } = await world(context)
  const file = join(directory, 'ratchet.json')
  const { code, value } = await json('init')
  assert.equal(code, 0)
  assert.deepEqual(value['answers'], {
    symbols: 'ES,MES,NQ,MNQ',
    data: 'file',
    trading: 'paper',
    channel: 'stable',
    source: 'local',
  })
  const text = readFileSync(file, 'utf8')
  assert.ok(text.split('\n').filter(line => line.trim().startsWith('//')).length >= QUESTIONS.length)
  const { tradingBot, release, ...rest } = settingsIn(file)
  const { tradingBot: own, release: ownRelease, ...usual } = settingsSchema.parse({})
  assert.deepEqual([rest, release], [usual, ownRelease])
  assert.deepEqual(tradingBot, { ...own, allowedSymbols: ['ES', 'MES', 'NQ', 'MNQ'] })
})

test('it asks at most six questions, asks again where an answer is none, and takes what options say unasked', async context => {
  assert.ok(QUESTIONS.length <= 6)
  const asked: string[] = []
  const answers = ['wire', 'polygon', 'live', 'live-later', '', 'https://cdn.example.com']
  const ask = async (question: string): Promise<string> => {
    asked.push(question)
    return answers.shift() ?? ''
  }
  const { directory, run } = await world(context, { ask })
  const file = join(directory, 'own.json')
  const { code, err } = await run('init', '--out', file, '--symbols', 'NQ, MNQ')
  assert.deepEqual([code, asked.length], [0, 6])
  assert.match(err, /file or polygon is expected\npaper or live-later is expected; live cannot be switched on here/)
  assert.deepEqual(settingsIn(file).tradingBot.allowedSymbols, ['NQ', 'MNQ'])
  assert.deepEqual(settingsIn(file).release.sources, [{ name: 'main', place: 'https://cdn.example.com' }])
  const text = readFileSync(file, 'utf8')
  assert.match(text, /POLYGON_API_KEY in the environment, never here/)
  assert.match(text, /Nothing in this file can change that/)
  asked.length = 0
  assert.equal((await run('init', '--out', join(directory, 'other.json'), '--yes')).code, 0)
  assert.deepEqual(asked, [])
})

test('an answer that is none, and a file that is there, are refused and nothing is written', async context => {
  const { directory, run } = await world(context)
  const file = join(directory, 'ratchet.json')
  for (const [option, answer] of [
    ['--symbols', 'ES;NQ'],
    ['--trading', 'live'],
    ['--channel', 'Stable'],
    ['--data', 'guess'],
  ] as const) {
    const { code, err } = await run('init', '--out', file, option, answer)
    assert.deepEqual([code, err.includes(`(${option})`)], [2, true], err)
  }
  assert.equal(existsSync(file), false)
  assert.equal((await run('init', '--out', file)).code, 0)
  const before = readFileSync(file, 'utf8')
  const again = await run('init', '--out', file, '--symbols', 'NQ')
  assert.deepEqual([again.code, /CONFIG_EXISTS/.test(again.err)], [78, true])
  assert.equal(readFileSync(file, 'utf8'), before)
})
