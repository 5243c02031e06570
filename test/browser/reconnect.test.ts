// The program ends and comes back while somebody looks: the page says so, goes on by itself, and holds every bar once.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
import type { BarView } from '../../src/api/schemas/market.ts'
import type { Status } from '../../src/api/schemas/status.ts'
import { chromium, skipWithoutChromium } from '../browser.ts'
import { type Demo, startDemo, until } from './demo.ts'
import { type Visitor, visitor } from './visitor.ts'

const skip = skipWithoutChromium()
const CHART = 'Bars with decisions, trades and the model in charge'

let browser: Browser
let demo: Demo
let visit: Visitor
/** Somebody who has seen the overview only. */
let other: Visitor

const reader = (): Locator => visit.page.getByRole('slider', { name: new RegExp(`^${CHART}`) })
const shown = async (): Promise<number> => Number(await reader().getAttribute('max')) + 1
const barsDone = async (): Promise<number> => (await demo.get<Status>('/api/status')).run?.barsDone ?? 0

before(async () => {
  if (skip !== false) return
  demo = await startDemo(['up', '--speed', '2'])
  browser = (await chromium())!
  visit = await visitor(browser, demo.url)
  await visit.open('market')
  other = await visitor(browser, demo.url)
  await other.open('overview')
  await until('bars come while the page looks', async () => (await barsDone()) > 780)
})

after(async () => {
  await browser?.close()
  await demo?.remove()
})

test('the end of the server is said within seconds; actions are off, all but the kill switch', { skip }, async () => {
  const { page } = visit
  await demo.stop()
  await page.getByText(/^Connection lost\. What you see is .+ old\./).waitFor({ timeout: 10_000 })
  for (const name of ['Pause', '1×', '10×', 'max']) {
    assert.ok(await page.getByRole('button', { name, exact: true }).isDisabled(), name)
  }
  await page.keyboard.press('Shift+K')
  const dialog = page.getByRole('dialog', { name: 'Stop trading' })
  await dialog.getByText('The connection is lost.').waitFor()
  await dialog.getByLabel(/^Reason/).fill('nobody answers')
  await dialog.getByRole('button', { name: 'Stop trading now' }).click()
  await page.getByText('The server does not answer.').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  assert.ok((await shown()) > 756, 'what was known stays on the page')
})

test('a page whose code is not there yet says so, and the kill switch stays', { skip }, async () => {
  const { page } = other
  await page.getByText(/^Connection lost/).waitFor()
  await page.getByRole('link', { name: 'Models' }).click()
  await page.getByRole('alert').getByText('This part could not be read.').waitFor()
  assert.ok(await page.getByRole('button', { name: /^Kill switch/ }).isEnabled())
})

test('started again on its state and its port it is found, and the run goes on in the page', { skip }, async () => {
  const { page } = visit
  const before = await shown()
  await demo.start()
  await page.getByText(/^Connection lost/).waitFor({ state: 'detached' })
  await until('new bars arrive', async () => (await shown()) > before + 10)
  assert.ok(await page.getByRole('button', { name: 'Pause', exact: true }).isEnabled())
})

test('the page whose code was missing is there after another try', { skip }, async () => {
  const { page } = other
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('region', { name: 'Time travel' }).waitFor()
  await other.leave()
})

test('no bar is missing and none is there twice', { skip }, async () => {
  const { page } = visit
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  const count = await until('run and page stand at the same bar', async () => {
    const { live, run } = await demo.get<Status>('/api/status')
    return live?.state === 'paused' && live.training === null && run?.barsDone === (await shown())
      ? run.barsDone
      : undefined
  })
  const { items } = await demo.get<{ items: BarView[] }>('/api/bars?limit=20000')
  assert.equal(items.length, count)
  await page.getByText(`${CHART} as a table`).click()
  const rows = page.getByRole('table', { name: CHART }).locator('tbody tr')
  const told = (await rows.allInnerTexts()).map(row => row.split('\t').slice(0, 5).join(' '))
  const expected = items
    .slice(-told.length)
    .reverse()
    .map(bar => {
      const prices = [bar.open, bar.high, bar.low, bar.close].map(price =>
        price.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
      )
      return [new Date(bar.time).toISOString().slice(0, 10), ...prices].join(' ')
    })
  assert.ok(told.length >= 40)
  assert.deepEqual(told, expected)
})

test('nothing went wrong in the page but the requests that nobody could answer', { skip }, () =>
  visit.complain(
    /Failed to load resource: net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/,
  ),
)
