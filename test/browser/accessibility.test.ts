// So far as a program can tell, every page is as WCAG 2.2 AA asks: with figures, without a server, in light and dark.

import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { chromium, skipWithoutChromium } from '../browser.ts'
import { accessible } from './accessible.ts'
import { type Demo, standingDemo } from './demo.ts'
import { PAGES, THEMES, type Visitor, visitor } from './visitor.ts'

const skip = skipWithoutChromium()

let browser: Browser
let demo: Demo

before(async () => {
  if (skip !== false) return
  demo = await standingDemo()
  browser = (await chromium())!
})

after(async () => {
  await browser?.close()
  await demo?.remove()
})

test('axe finds nothing on any page, light or dark, nor in what opens on it', { skip }, async () => {
  for (const colorScheme of THEMES) {
    const visit = await visitor(browser, demo.url, { colorScheme, bypassCSP: true })
    const { page } = visit
    for (const name of PAGES) {
      await visit.ready(name)
      await accessible(page, `${name}, ${colorScheme}`)
    }
    await visit.open('market')
    await page.getByRole('table', { name: 'Decisions' }).getByRole('row').nth(1).click()
    await page.getByRole('region', { name: 'Lineage' }).waitFor()
    await page.getByText(/as a table$/).click()
    await accessible(page, `an explained decision, ${colorScheme}`)
    await visit.ready('models')
    await page.getByRole('slider', { name: 'Time of the run that the page shows' }).press('PageDown')
    await page.getByText('In charge then:').waitFor()
    await accessible(page, `the past, ${colorScheme}`)
    for (const view of ['Quality', 'Lineage', 'Model card']) {
      await page.getByRole('tab', { name: view }).click()
      await accessible(page, `a release: ${view}, ${colorScheme}`)
    }
    await visit.ready('training')
    await page.getByRole('button', { name: 'Start now', exact: true }).click()
    await accessible(page, `a training is asked for, ${colorScheme}`)
    await page.keyboard.press('Escape')
    await visit.open('market?list=orders')
    await page.getByRole('table', { name: 'Orders' }).getByRole('row').nth(1).waitFor()
    await accessible(page, `orders, ${colorScheme}`)
    await page.keyboard.press('?')
    await accessible(page, `help, ${colorScheme}`)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Shift+K')
    await accessible(page, `the kill switch, ${colorScheme}`)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Replay', exact: true }).click()
    await accessible(page, `the replay menu, ${colorScheme}`)
    visit.complain()
    await visit.leave()
  }
})

test('without the server every page still stands, says so, and has no axe violation', { skip }, async () => {
  const visits: Visitor[] = []
  for (const colorScheme of THEMES) {
    const visit = await visitor(browser, demo.url, { colorScheme, bypassCSP: true })
    // Its code is there before the server goes.
    for (const name of PAGES) await visit.ready(name)
    visits.push(visit)
  }
  await demo.stop()
  for (const { page } of visits) {
    await page.getByText(/^Connection lost/).waitFor()
    for (const name of ['Overview', 'Market', 'Models', 'Training']) {
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1, name }).waitFor({ state: 'attached' })
      await accessible(page, `${name}, no server`)
    }
  }
})
