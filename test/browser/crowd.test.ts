// Two readers at once, and a crowd that asks for more than is answered: who stops trading is heard all the same, and everybody sees it.

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
let readers: readonly Visitor[]

before(async () => {
  if (skip !== false) return
  demo = await startDemo(['up', '--speed', '120'])
  browser = (await chromium())!
  readers = await Promise.all([visitor(browser, demo.url), visitor(browser, demo.url)])
  await Promise.all(readers.map(reader => reader.open('overview')))
  await Promise.all(readers.map(({ page }) => page.getByText('PAPER', { exact: true }).waitFor()))
})

after(async () => {
  await browser?.close()
  await demo?.remove()
})

test('what one reader does the other sees', { skip }, async () => {
  const [one, two] = readers
  await one!.page.getByRole('button', { name: 'Pause', exact: true }).click()
  await two!.page.getByRole('button', { name: 'Continue', exact: true }).waitFor()
  await two!.page.getByRole('button', { name: 'Continue', exact: true }).click()
  await one!.page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
})

test('under a crowd of requests the kill switch of a page works, and both readers see that trading has stopped', {
  skip,
}, async t => {
  const over = new AbortController()
  const statuses = new Map<number, number>()
  const ask = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const { status } = await fetch(`${demo.url}/api/decisions?limit=500`)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  const crowd = Array.from({ length: 40 }, ask)
  await until('more is asked than is answered', () => Promise.resolve((statuses.get(429) ?? 0) > 100))
  const { page } = readers[0]!
  await page.keyboard.press('Shift+K')
  const dialog = page.getByRole('dialog', { name: 'Stop trading' })
  await dialog.getByLabel(/^Reason/).fill('too crowded')
  const asked = performance.now()
  await dialog.getByRole('button', { name: 'Stop trading now' }).click()
  await page.getByText('The kill file is written').waitFor()
  t.diagnostic(
    `answered after ${(performance.now() - asked).toFixed(0)} ms beside ${[...statuses].join(' and ')} answers`,
  )
  over.abort()
  await Promise.all(crowd)
  for (const reader of readers) await reader.page.getByText('HALTED', { exact: true }).waitFor()
  const { killed } = await until('there is a turn again', async () => {
    const response = await fetch(`${demo.url}/api/status`)
    return response.ok && ((await response.json()) as Status)
  })
  assert.equal(killed?.reason, 'too crowded')
})
