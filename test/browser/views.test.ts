// What the address keeps, what the pages of releases, trainings and the market show beside their lists, and two readers at once.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { BarView } from '../../src/api/schemas/market.ts'
import type { ReleaseView } from '../../src/api/schemas/releases.ts'
import { chromium, skipWithoutChromium } from '../browser.ts'
import { accessible } from './accessible.ts'
import { type Demo, standingDemo, until } from './demo.ts'
import { PAGES, visitor } from './visitor.ts'

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

test('a link reproduces a view: tab of a release, pair that is compared, page of a list, range of the chart', {
  skip,
}, async () => {
  const { items } = await demo.get<{ items: ReleaseView[] }>('/api/releases')
  const [first, second] = items.slice(0, 2)
  const one = await visitor(browser, demo.url)
  await one.ready('models')
  await one.page.getByRole('tab', { name: 'Lineage' }).click()
  assert.match(one.page.url(), /tab=lineage/)
  for (const { label } of [first!, second!]) await one.page.getByLabel(`Compare ${label}`, { exact: true }).check()
  await one.page.getByRole('button', { name: 'Compare', exact: true }).click()
  await one.page.getByRole('dialog', { name: 'Two releases side by side' }).waitFor()
  const compared = one.page.url()
  await one.open('market')
  await one.page.getByRole('table', { name: 'Decisions' }).getByRole('row').nth(2).waitFor()
  await one.page.getByRole('button', { name: 'Older' }).click()
  await one.page.getByText('page 2').waitFor()
  await one.page.getByRole('group', { name: 'Range of the chart' }).getByText('all').click()
  const listed = one.page.url()
  const row = await one.page.getByRole('table', { name: 'Decisions' }).getByRole('row').nth(1).textContent()

  // Somebody else, elsewhere, with nothing but the two links.
  const two = await visitor(browser, demo.url)
  await two.page.goto(compared)
  await two.page.getByRole('dialog', { name: 'Two releases side by side' }).getByText(first!.label).waitFor()
  await two.page.keyboard.press('Escape')
  await two.page.getByRole('tab', { name: 'Lineage', selected: true }).waitFor()
  await two.page.goto(listed)
  await two.page.getByText('page 2').waitFor()
  assert.match(two.page.url(), /range=all/)
  assert.equal(await two.page.getByRole('table', { name: 'Decisions' }).getByRole('row').nth(1).textContent(), row)
  for (const visit of [one, two]) {
    visit.complain()
    await visit.leave()
  }
})

test('columns that a reader hides stay hidden', { skip }, async () => {
  const visit = await visitor(browser, demo.url)
  const { page } = visit
  await visit.open('market?list=fills')
  const header = page.getByRole('table', { name: 'Fills' }).getByRole('columnheader', { name: 'Commission' })
  await header.waitFor()
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'Commission' }).uncheck()
  await header.waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('table', { name: 'Fills' }).getByRole('row').nth(1).waitFor()
  assert.equal(await header.count(), 0)
  visit.complain()
  await visit.leave()
})

test('bars of any day of the run can be reached, with what was done on them', { skip }, async () => {
  const { items } = await demo.get<{ items: BarView[] }>('/api/bars?limit=1500')
  const wanted = items[100]!
  const session = new Date(wanted.time).toISOString().slice(0, 10)
  const visit = await visitor(browser, demo.url)
  const { page } = visit
  await visit.open('market')
  await page.getByLabel('Up to').fill(new Date(wanted.knownAt).toISOString().slice(0, 10))
  const reader = page.getByRole('slider', { name: /^Bars with decisions/ })
  const said = async (): Promise<string> => (await reader.getAttribute('aria-valuetext')) ?? ''
  await until('the newest bar on the chart is of that day', async () => (await said()).includes(session))
  await page.getByRole('button', { name: 'Newest' }).click()
  await until('now is back', async () => !(await said()).includes(session))
  visit.complain()
  await visit.leave()
})

test('a release tells its life, drift and drills; trainings their leaderboard, queue and schedule', {
  skip,
}, async () => {
  const visit = await visitor(browser, demo.url)
  const { page } = visit
  await visit.ready('models')
  const life = page.getByRole('list', { name: 'What became of it' })
  await life.getByText('trained').waitFor()
  await life.getByText('took charge').waitFor()
  await page.getByRole('region', { name: 'Rehearsed faults' }).getByText('Drills passed').waitFor()
  await page.getByRole('tab', { name: 'Quality' }).click()
  await page.getByRole('region', { name: 'Drift of columns (PSI)' }).getByText('class shares').waitFor()
  await visit.ready('training')
  const leaders = page.getByRole('table', { name: 'Leaderboard' })
  await leaders.getByRole('columnheader', { name: 'Deflated Sharpe' }).waitFor()
  assert.ok((await leaders.getByRole('row').count()) > 2)
  await page
    .getByRole('region', { name: 'Queue and schedule' })
    .getByText(/^every \d+ bars$/)
    .waitFor()
  visit.complain()
  await visit.leave()
})

test('every figure is defined under the pointer', { skip }, async () => {
  const visit = await visitor(browser, demo.url)
  for (const name of ['overview', 'models', 'training'] as const) {
    await visit.ready(name)
    const bare = `[...document.querySelectorAll('main dl.grid dt')].filter(e => e.closest('.flex-col') && e.parentElement.querySelector('dd span.font-semibold') && !(e.querySelector('dfn')?.title.length > 20)).map(e => e.textContent)`
    assert.deepEqual(await visit.page.evaluate<string[]>(bare), [], name)
  }
  await visit.leave()
})

/** Panels, tables with their columns, lists and charts by name, each with the sixth of the window in which it begins: figures are left out. */
const STRUCTURE = `(() => {
  const width = document.documentElement.clientWidth
  const found = []
  for (const e of document.querySelectorAll('main section[aria-label], main figure[aria-label], main table, main fieldset[aria-label], main [role=tab]')) {
    const box = e.getBoundingClientRect()
    if (box.width === 0 || e.closest('[hidden]') !== null) continue
    const name = e.getAttribute('aria-label') ?? e.querySelector('caption')?.textContent ?? e.textContent
    // What stands there only at times.
    if (/\\d|^Degraded/.test(name)) continue
    const columns = e.tagName === 'TABLE' ? ': ' + [...e.querySelectorAll('thead th')].filter(th => th.offsetWidth > 0).map(th => th.textContent).join(', ') : ''
    found.push(Math.round((6 * box.left) / width) + ' ' + e.tagName.toLowerCase() + ' ' + name + columns)
  }
  return found
})()`

// A picture of a run is never the same twice; what stands where is. After a change that is meant: --test-update-snapshots.
test('every page is built as it was, on a phone, a tablet and a desk', { skip }, async t => {
  const structure: Record<string, readonly string[]> = {}
  for (const width of [360, 768, 1280]) {
    const visit = await visitor(browser, demo.url, { viewport: { width, height: 900 } })
    for (const name of PAGES) {
      await visit.ready(name)
      if (name === 'market')
        await visit.page.getByRole('table', { name: 'Decisions' }).getByRole('row').nth(1).waitFor()
      if (name === 'training') await visit.page.getByRole('table', { name: 'Leaderboard' }).waitFor()
      if (name === 'models') await visit.page.getByText('Last scrub').waitFor()
      structure[`${name} ${width}`] = await visit.page.evaluate<string[]>(STRUCTURE)
    }
    await visit.leave()
  }
  t.assert.fileSnapshot(structure, join(import.meta.dirname, 'fixtures/structure.json'), {
    serializers: [pages => `${JSON.stringify(pages, null, 1)}\n`],
  })
})

test('axe finds nothing in any dialog', { skip }, async () => {
  const visit = await visitor(browser, demo.url, { bypassCSP: true })
  const { page } = visit
  const close = async (what: string): Promise<void> => {
    await page.getByRole('dialog').first().waitFor()
    await accessible(page, what)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await visit.ready('models')
  const actions = page.getByRole('button', { name: /^(Promote|Pin|Unpin|Block|Unblock|Roll back|Bring back)$/ })
  const names = new Set<string>()
  for (const { digest } of (await demo.get<{ items: ReleaseView[] }>('/api/releases')).items) {
    await visit.open(`models?release=${digest}`)
    await page.getByRole('table', { name: 'Gates' }).waitFor()
    for (const button of await actions.all()) {
      const name = (await button.textContent()) ?? ''
      if (names.has(name) || (await button.isDisabled())) continue
      names.add(name)
      await button.click()
      await close(name)
    }
  }
  assert.ok(names.size >= 4, [...names].join(', '))
  await visit.ready('overview')
  await page.getByRole('button', { name: 'Pause entries' }).click()
  await close('Pause entries')
  await page.getByRole('button', { name: 'Settings and help' }).click()
  await accessible(page, 'settings')
  await visit.leave()
})
