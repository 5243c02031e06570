// A state directory in which nothing has run yet, shown by `ratchet serve`: every page says what it would show and what to do.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { chromium, skipWithoutChromium } from '../browser.ts'
import { accessible } from './accessible.ts'
import { type Demo, startDemo } from './demo.ts'
import { PAGES, THEMES, visitor } from './visitor.ts'

const skip = skipWithoutChromium()

let browser: Browser
let demo: Demo

before(async () => {
  if (skip !== false) return
  demo = await startDemo(['serve'])
  browser = (await chromium())!
})

after(async () => {
  await browser?.close()
  await demo?.remove()
})

test('each page says that nothing has run and how to start, and has no axe violation in either theme', {
  skip,
}, async () => {
  for (const colorScheme of THEMES) {
    const visit = await visitor(browser, demo.url, { colorScheme, bypassCSP: true })
    for (const name of PAGES) {
      await visit.open(name)
      await visit.page.getByText('Nothing has run yet').first().waitFor()
      assert.match(await visit.page.getByRole('main').innerText(), /npm start|ratchet up/)
      await accessible(visit.page, `${name}, ${colorScheme}, nothing has run`)
    }
    visit.complain()
    await visit.leave()
  }
})

test('what needs a running loop is off, and the kill switch is not', { skip }, async () => {
  const visit = await visitor(browser, demo.url)
  await visit.open('overview')
  const { page } = visit
  await page.getByText('Nothing has run yet').first().waitFor()
  for (const name of ['Pause', '1×', '10×', 'max']) {
    assert.ok(await page.getByRole('button', { name, exact: true }).isDisabled(), name)
  }
  await page.keyboard.press('Shift+K')
  await page.getByRole('button', { name: 'Stop trading now' }).click()
  await page.getByText('HALTED', { exact: true }).waitFor()
  visit.complain()
  await visit.leave()
})
