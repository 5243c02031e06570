// The first minute of somebody who has never seen the product: prices move, a model learns, a verdict falls, a forged release is refused.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { Status } from '../../src/api/schemas/status.ts'
import { chromium, skipWithoutChromium } from '../browser.ts'
import { type Demo, startDemo, until } from './demo.ts'
import { type Visitor, visitor } from './visitor.ts'

const skip = skipWithoutChromium()
const started = performance.now()
const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1)

let browser: Browser
let demo: Demo
let visit: Visitor

before(async () => {
  if (skip !== false) return
  demo = await startDemo(['up'])
  browser = (await chromium())!
  visit = await visitor(browser, demo.url)
})

after(async () => {
  await browser?.close()
  await demo?.remove()
})

test('what is real and what is hypothetical stands on the page before the first figure', { skip }, async () => {
  await visit.open('overview')
  const banner = visit.page.getByRole('complementary', { name: 'What is real and what is hypothetical' })
  assert.match(await banner.innerText(), /Real index history, hypothetical execution\..+Not advice\./s)
  await visit.page.getByText('PAPER', { exact: true }).waitFor()
})

test('equity is drawn against buying and holding, and goes on', { skip }, async () => {
  const { page } = visit
  const chart = page.getByRole('figure', { name: 'Equity against buy and hold and the previous model' })
  await chart.locator('canvas').first().waitFor()
  for (const name of ['Equity', 'Buy and hold']) assert.ok(await chart.getByText(name, { exact: true }).isVisible())
  const clock = page.getByTitle('Clock of the run: when its newest bar was complete')
  const first = await clock.innerText()
  await until('the clock of the run moves', async () => (await clock.innerText()) !== first)
  console.log(`# first picture with moving figures after ${seconds()} s`)
})

test('candles come in while one looks', { skip }, async () => {
  const { page } = visit
  await page.getByRole('link', { name: 'Market' }).click()
  const reader = page.getByRole('slider', { name: /^Bars with decisions, trades and the model in charge/ })
  const newest = async (): Promise<number> => Number(await reader.getAttribute('max'))
  await page.getByRole('figure').locator('canvas').first().waitFor()
  const first = await newest()
  await until('the chart has more bars', async () => (await newest()) > first + 5)
})

test('a training that runs shows its learning curves', { skip }, async () => {
  const { page } = visit
  await page.getByRole('link', { name: 'Training' }).click()
  await page.getByText('running', { exact: true }).last().waitFor()
  const curve = page.getByRole('figure', { name: /^Learning curves? of/ }).first()
  await curve.locator('canvas').waitFor()
})

test('the first verdict is listed with the gate that decided, or as in charge', { skip }, async () => {
  const { page } = visit
  await page.getByRole('link', { name: 'Models' }).click()
  const row = page.getByRole('region', { name: 'Releases' }).getByRole('row', { name: /in charge|refused/ })
  await row.first().waitFor()
  console.log(`# first verdict on the page after ${seconds()} s`)
  const words = await row.first().innerText()
  assert.match(words, /in charge|refused[^]*(G\d+|[A-Z_]{4,})/)
  await row.first().click()
  const gates = page.getByRole('table', { name: 'Gates' })
  for (const gate of ['G1', 'G3', 'G5', 'G9', 'G10'])
    assert.ok(await gates.getByText(gate, { exact: true }).isVisible())
  assert.ok(await page.getByText('signature valid').isVisible())
})

test('the rehearsed forged release is refused at the door and marked DRILL', { skip }, async () => {
  const { page } = visit
  await page.getByRole('link', { name: 'Overview' }).click()
  const drill = page.getByText('DRILL: forged release refused by SIGNATURE_INVALID')
  await drill.first().waitFor()
  const { counts } = await demo.get<Status>('/api/status')
  const text = await page.getByRole('region', { name: 'Results so far' }).innerText()
  assert.match(text, new RegExp(`Refused\\s+${counts.refused}\\b`), 'a drill does not count as a refusal')
})

test('somebody sends a bad release and sees it refused', { skip }, async () => {
  const { page } = visit
  const drills = page.getByText('DRILL: forged release refused by SIGNATURE_INVALID')
  const before = await drills.count()
  await page.getByRole('button', { name: 'Replay', exact: true }).click()
  await page.getByRole('button', { name: 'Send a bad release' }).click()
  await page.getByText('the forged release was refused: SIGNATURE_INVALID').waitFor()
  await until('the alert is listed', async () => (await drills.count()) === before + 1)
  await page.reload()
  await until('who comes later sees it too', async () => (await drills.count()) === before + 1)
})

test('nothing went wrong in the page and nobody else was asked', { skip }, () => visit.complain())
