// A person's hand on entries and releases: pause and resume entries, pin and unpin, block and unblock, promote; each with a reason, each
// said on the page for as long as it is in force.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
import type { ReleaseView, SlotEventView } from '../../src/api/schemas/releases.ts'
import type { Status } from '../../src/api/schemas/status.ts'
import { chromium, skipWithoutChromium } from '../browser.ts'
import { type Demo, standingDemo, until } from './demo.ts'
import { type Visitor, visitor } from './visitor.ts'

const skip = skipWithoutChromium()

let browser: Browser
let demo: Demo
let visit: Visitor

const status = (): Promise<Status> => demo.get<Status>('/api/status')
const releases = async (): Promise<ReleaseView[]> => (await demo.get<{ items: ReleaseView[] }>('/api/releases')).items
const history = async (): Promise<SlotEventView[]> =>
  (await demo.get<{ items: SlotEventView[] }>('/api/models/timeline')).items
const byHand = (): Locator => visit.page.getByRole('complementary', { name: 'Set by a person and in force' })

before(async () => {
  if (skip !== false) return
  demo = await standingDemo()
  browser = (await chromium())!
  visit = await visitor(browser, demo.url)
})

after(async () => {
  await browser?.close()
  await demo?.remove()
})

/** Presses the button, gives the reason that is asked for, and confirms what the dialog says. */
async function acted(button: string, title: string, confirm: string, reason: string): Promise<void> {
  const { page } = visit
  await page.getByRole('button', { name: button, exact: true }).click()
  const dialog = page.getByRole('dialog', { name: title })
  const go = dialog.getByRole('button', { name: confirm, exact: true })
  assert.ok(await go.isDisabled(), 'a reason is asked for')
  await dialog.getByLabel(/^Reason/).fill(reason)
  await go.click()
  await dialog.waitFor({ state: 'detached' })
}

async function opened(release: ReleaseView): Promise<void> {
  await visit.open(`models?release=${release.digest}`)
  await visit.page.getByRole('heading', { name: release.label, level: 2 }).waitFor()
}

test('entries are paused with a reason, every page says so, and they go on when asked', { skip }, async () => {
  const { page } = visit
  await visit.ready('overview')
  assert.equal(await byHand().count(), 0)
  await acted('Pause entries', 'Pause entries', 'Pause entries', 'the feed looks odd')
  await byHand().getByText('Entries are paused: the feed looks odd').waitFor()
  assert.equal((await status()).live?.entriesPaused, 'the feed looks odd')
  await page.getByRole('link', { name: 'Training', exact: true }).click()
  await byHand().getByText('Entries are paused: the feed looks odd').waitFor()
  await acted('Resume entries', 'Resume entries', 'Resume entries', 'it was the clock')
  await byHand().waitFor({ state: 'detached' })
  assert.equal((await status()).live?.entriesPaused, undefined)
})

test('what decides is pinned and unpinned, and the page says since when and why', { skip }, async () => {
  const active = (await releases()).find(({ state }) => state === 'active')!
  await opened(active)
  await acted('Pin', `Pin ${active.label}`, 'Pin', 'until the calendar is tested')
  await byHand()
    .getByText(new RegExp(`Pinned to ${active.label} since .*: until the calendar is tested`))
    .waitFor()
  assert.equal((await status()).slots[0]?.pin?.digest, active.digest)
  const other = (await releases()).find(({ state }) => state === 'previous')!
  await opened(other)
  await visit.page.getByRole('button', { name: 'Promote', exact: true }).click()
  const dialog = visit.page.getByRole('dialog', { name: `Promote ${other.label}` })
  await dialog.getByText('The slot is pinned: unpin it first.').waitFor()
  await visit.page.keyboard.press('Escape')
  await opened(active)
  await acted('Unpin', `Unpin ${active.label}`, 'Unpin', 'it is tested')
  await byHand().waitFor({ state: 'detached' })
})

test('a blocked release can neither be promoted nor brought back until the block is lifted', { skip }, async () => {
  const { page } = visit
  const previous = (await releases()).find(({ state }) => state === 'previous')!
  await opened(previous)
  await acted('Block', `Block ${previous.label}`, 'Block', 'trained on a bad file')
  await page.getByRole('button', { name: 'Unblock', exact: true }).waitFor()
  for (const name of ['Promote', 'Block']) {
    assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name)
  }
  assert.equal((await releases()).find(({ digest }) => digest === previous.digest)?.blockedByHand, true)
  await acted('Unblock', `Unblock ${previous.label}`, 'Unblock', 'the file was mended')
  await page.getByRole('button', { name: 'Promote', exact: true }).waitFor()
})

test('a promotion asks the gates again: the page says who decides after it, whatever they say', { skip }, async () => {
  const { page } = visit
  const active = (await releases()).find(({ state }) => state === 'active')!
  const target = (await releases()).findLast(({ state }) => state === 'retired' || state === 'previous')!
  await opened(target)
  await page.getByRole('button', { name: 'Promote', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Promote ${target.label}` })
  await dialog.getByText(new RegExp(`against ${active.label}`)).waitFor()
  await dialog.getByLabel(/^Reason/).fill('it did better at night')
  await dialog.getByRole('button', { name: 'Promote', exact: true }).click()
  const asked = await until('the history knows what came of it', async () =>
    (await history()).findLast(
      ({ cause }) => cause.includes('it did better at night') || cause.startsWith('asked for by hand'),
    ),
  )
  const slot = (await status()).slots[0]
  assert.equal(slot?.digest, asked.event === 'activated' ? target.digest : active.digest)
  const answer = asked.event === 'activated' ? `promoted ${target.label} in place of ${active.label}` : /^G\d+: /
  await page.getByText(answer).first().waitFor()
})

test('a training is asked for with a reason, and the page says so until it begins', { skip }, async () => {
  await visit.ready('training')
  await acted('Start now', 'Start now', 'Start now', 'new bars')
  await visit.page.getByText('Asked for: new bars').waitFor()
  assert.equal((await status()).live?.trainingAsked, 'new bars')
  assert.ok(await visit.page.getByRole('button', { name: 'Start now', exact: true }).isDisabled())
})

test('each word stands in the chained history, with who said it and why', { skip }, async () => {
  const { verified, items } = await demo.get<{ verified: boolean; items: SlotEventView[] }>('/api/models/timeline')
  assert.ok(verified)
  const said = items.filter(({ actor }) => actor === 'operator').map(({ event, cause }) => `${event}: ${cause}`)
  assert.deepEqual(said.slice(0, 4), [
    'pinned: until the calendar is tested',
    'unpinned: it is tested',
    'blocked: trained on a bad file',
    'unblocked: the file was mended',
  ])
  await visit.open('models')
  await visit.page.getByRole('region', { name: 'History of the slot' }).getByText('trained on a bad file').waitFor()
})

test('nothing went wrong in the page and nobody else was asked', { skip }, () =>
  // A gate may say no to the promotion: the browser notes the answer that the page shows.
  visit.complain(/status of 4(09|22)/),
)
