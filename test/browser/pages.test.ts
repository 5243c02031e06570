// Every page as people meet it: by keyboard alone, on a phone, on a wide screen, enlarged, without motion.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { chromium, skipWithoutChromium } from '../browser.ts'
import { type Demo, standingDemo, until } from './demo.ts'
import { PAGES, visitor } from './visitor.ts'

const skip = skipWithoutChromium()
const WIDTHS = [360, 768, 1280, 1920]

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

/** Where the focus is, and whether one sees it: a ring around the element, or around what it is the handle of. */
const FOCUS = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const ring = start => {
    for (let e = start, up = 0; e !== null && up < 3; e = e.parentElement, up++) {
      const { outlineStyle, outlineWidth } = getComputedStyle(e)
      if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) return true
    }
    return false
  }
  return { what: element.outerHTML.slice(0, 160), ring: ring(element) }
})()`

async function tabbedThrough(page: Page, times: number): Promise<string[]> {
  const unseen: string[] = []
  for (let i = 0; i < times; i++) {
    await page.keyboard.press('Tab')
    const focus = await page.evaluate<{ what: string; ring: boolean } | null>(FOCUS)
    if (focus !== null && !focus.ring) unseen.push(focus.what)
  }
  return unseen
}

test('with the keyboard alone: pages, filter, help, tables and charts', { skip }, async () => {
  const visit = await visitor(browser, demo.url)
  const { page } = visit
  await visit.open('overview')
  await page.getByText('PAPER', { exact: true }).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'main', 'the first stop leads past the frame')

  for (const [key, name] of [
    ['m', 'Market'],
    ['r', 'Models'],
    ['t', 'Training'],
    ['o', 'Overview'],
  ] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await page.getByRole('heading', { level: 1, name }).waitFor({ state: 'attached' })
    assert.equal(await page.getByRole('link', { name, exact: true }).getAttribute('aria-current'), 'page')
  }

  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys and glossary' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  await page.keyboard.press('g')
  await page.keyboard.press('m')
  const decisions = page.getByRole('table', { name: 'Decisions' })
  await decisions.getByRole('row').nth(2).waitFor()
  await page.keyboard.press('/')
  assert.equal(await page.evaluate('document.activeElement.tagName'), 'SELECT')
  await decisions.getByRole('row').nth(1).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  // Once the explanation is here, the chart has gone to its bar and stays where the keys take it.
  await page
    .getByRole('region', { name: /^Why: decision/ })
    .getByRole('region', { name: 'Risk checks' })
    .waitFor()
  assert.equal(await decisions.getByRole('row').nth(2).getAttribute('aria-current'), 'true')

  const reader = page.getByRole('slider', { name: /^Bars with decisions/ })
  await reader.focus()
  await page.keyboard.press('ArrowLeft')
  const there = await reader.getAttribute('aria-valuetext')
  await page.keyboard.press('ArrowLeft')
  await until('the chart is read bar by bar', async () => (await reader.getAttribute('aria-valuetext')) !== there)
  const url = page.url()
  await page.keyboard.press('Enter')
  await until('Enter explains the bar', () => Promise.resolve(page.url() !== url))

  const tab = page.getByRole('tab', { name: 'Decisions' })
  await tab.focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('tab', { name: 'Trades', selected: true }).waitFor()
  visit.complain()
  await visit.leave()
})

test('where the focus is, is seen at every stop', { skip }, async () => {
  const visit = await visitor(browser, demo.url)
  for (const name of PAGES) {
    await visit.open(name)
    await visit.page.getByText('PAPER', { exact: true }).waitFor()
    assert.deepEqual(await tabbedThrough(visit.page, 45), [], name)
  }
  await visit.leave()
})

test('who comes when no training runs sees the curves of the newest one', { skip }, async () => {
  const visit = await visitor(browser, demo.url)
  await visit.ready('training')
  await visit.page.getByText(/^Curves of training \d+, the newest that is over:$/).waitFor()
  const curves = visit.page.getByRole('figure', { name: /^Learning curves of/ })
  await curves.locator('canvas').first().waitFor()
  visit.complain()
  await visit.leave()
})

/** Labels and figures of the frame and of the first tiles that are cut off, and controls that stick out of the window. */
const CUT_OFF = `(() => {
  const wanted = 'nav a span, header button, header time, header strong, main dl dd, main dl dd span, main dl dt, h2, [role=tab]'
  const width = document.documentElement.clientWidth
  const found = []
  for (const e of document.querySelectorAll(wanted)) {
    const box = e.getBoundingClientRect()
    if (box.width <= 1 || box.height <= 1 || e.closest('.sr-only') !== null) continue
    if (e.closest('.overflow-auto') !== null) continue
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline') found.push('cut: ' + e.outerHTML.slice(0, 200))
    if (box.right > width + 1 || box.left < -1) found.push('outside: ' + e.outerHTML.slice(0, 200))
    const parent = e.parentElement.getBoundingClientRect()
    if (e.matches('nav a span') && (box.left < parent.left - 0.5 || box.right > parent.right + 0.5)) found.push('wider than its place: ' + e.outerHTML)
  }
  return found
})()`

for (const width of WIDTHS) {
  test(`${width} px: nothing sticks out, no label is cut off`, { skip }, async () => {
    const visit = await visitor(browser, demo.url, { viewport: { width, height: width < 500 ? 780 : 900 } })
    const { page } = visit
    for (const name of PAGES) {
      await visit.ready(name)
      const [scroll, client] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )
      assert.ok(scroll <= client, `${name} is ${scroll} px wide`)
      assert.deepEqual(await page.evaluate<string[]>(CUT_OFF), [], name)
      for (const control of [/^Kill switch/, 'Pause', 'Continue', 'Settings and help']) {
        const button = page.getByRole('button', { name: control, exact: typeof control === 'string' })
        if ((await button.count()) === 0) continue
        assert.ok(await button.isVisible(), `${name}: ${control}`)
      }
    }
    visit.complain()
    await visit.leave()
  })
}

test('twice as large, as some people need it, the overview still fits', { skip }, async () => {
  // 200 % zoom of a 1280 px window is a window of 640 px.
  const visit = await visitor(browser, demo.url, { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 })
  await visit.ready('overview')
  const scroll = await visit.page.evaluate<number>('document.documentElement.scrollWidth')
  assert.ok(scroll <= 640, `${scroll} px`)
  await visit.leave()
})

test('who asked for less motion gets none', { skip }, async () => {
  const visit = await visitor(browser, demo.url, { reducedMotion: 'reduce' })
  await visit.ready('overview')
  const moving = `document.getAnimations().filter(a => a.playState === 'running').length`
  assert.equal(await visit.page.evaluate<number>(moving), 0)
  await visit.leave()
})
