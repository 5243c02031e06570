// The replay under the reader's hand: pause, pace, a date to jump to, and another beginning.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { Status } from '../../src/api/schemas/status.ts'
import { chromium, skipWithoutChromium } from '../browser.ts'
import { type Demo, startDemo, until } from './demo.ts'
import { type Visitor, visitor } from './visitor.ts'

const skip = skipWithoutChromium()

let browser: Browser
let demo: Demo
let visit: Visitor

const status = (): Promise<Status> => demo.get<Status>('/api/status')
const barsDone = async (): Promise<number> => (await status()).run?.barsDone ?? 0

before(async () => {
  if (skip !== false) return
  demo = await startDemo(['up'])
  browser = (await chromium())!
  visit = await visitor(browser, demo.url)
  await visit.open('overview')
  await until('the warm-up is over', async () => (await barsDone()) > 760)
})

after(async () => {
  await browser?.close()
  await demo?.remove()
})

test('pause holds the run between two bars, continue lets it go on', { skip }, async () => {
  const { page } = visit
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await page.getByRole('button', { name: 'Continue', exact: true }).waitFor()
  await until('the run stands', async () => (await status()).live?.state === 'paused')
  const stood = await until('a training under way is over', async () => {
    const { live, run } = await status()
    return live?.training === null ? run?.barsDone : undefined
  })
  await page.waitForTimeout(1500)
  assert.ok((await barsDone()) <= stood + 1)
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await until('the run goes on', async () => (await barsDone()) > stood + 5)
})

test('the pace is the one that was pressed', { skip }, async () => {
  const { page } = visit
  for (const [name, barsPerSecond] of [
    ['10×', 120],
    ['max', null],
    ['1×', 12],
  ] as const) {
    const button = page.getByRole('button', { name, exact: true })
    await button.click()
    await until(`the pace is ${name}`, async () => (await status()).live?.barsPerSecond === barsPerSecond)
    await until('the button says so', async () => (await button.getAttribute('aria-pressed')) === 'true')
  }
})

test('a jump goes to its date at full speed and on from there at the pace of before', { skip }, async () => {
  const { page } = visit
  const { run } = await status()
  const date = new Date((run?.clock ?? 0) + 200 * 86_400_000).toISOString().slice(0, 10)
  await page.getByRole('button', { name: 'Replay', exact: true }).click()
  await page.getByLabel('Jump forward to').fill(date)
  await page.getByRole('button', { name: 'Jump', exact: true }).click()
  await page.getByText(`on to ${date}`).waitFor()
  await page.keyboard.press('Escape')
  await until('the date is reached', async () => {
    const { live, run: now } = await status()
    return live?.jumpingTo === null && (now?.clock ?? 0) >= Date.parse(date)
  })
  const { live, run: there } = await status()
  assert.equal(live?.barsPerSecond, 12)
  assert.ok((there?.clock ?? 0) < Date.parse(date) + 60 * 86_400_000, 'it did not run past its date')
  const reached = new Date(Date.parse(date)).getUTCFullYear()
  await page.getByTitle('Clock of the run: when its newest bar was complete').getByText(String(reached)).waitFor()
})

test('a restart with another seed is another run, and the page follows it', { skip }, async () => {
  const { page } = visit
  const { run } = await status()
  await page.getByRole('button', { name: 'Replay', exact: true }).click()
  await page.getByLabel('Start again with seed').fill('7')
  await page.getByRole('button', { name: 'Restart' }).click()
  await page.keyboard.press('Escape')
  const next = await until('another run', async () => {
    const { run: now } = await status()
    return now !== null && now.runId !== run?.runId && now.barsDone > 0 ? now : undefined
  })
  assert.equal(next.seed, '7')
  const card = page.getByRole('region', { name: 'Data', exact: true })
  await until('the page shows its seed', async () => /Seed\s+7\b/.test(await card.innerText()))
  await page.getByRole('link', { name: 'Market' }).click()
  const reader = page.getByRole('slider', { name: /^Bars with decisions/ })
  await until('the chart holds the bars of that run only', async () => {
    const shown = Number(await reader.getAttribute('max')) + 1
    return shown > 1 && shown <= (await barsDone()) + 1
  })
})

test('nothing went wrong in the page and nobody else was asked', { skip }, () => visit.complain())
