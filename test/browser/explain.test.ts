// From a trade down to what its model learned from; why there was none; who was in charge at any time; and how one is taken back.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { Explanation, TradeView } from '../../src/api/schemas/market.ts'
import type { InChargeView, ReleaseDetail, ReleaseView, SlotEventView } from '../../src/api/schemas/releases.ts'
import type { Status } from '../../src/api/schemas/status.ts'
import { chromium, skipWithoutChromium } from '../browser.ts'
import { type Demo, startDemo, until } from './demo.ts'
import { type Visitor, visitor } from './visitor.ts'

const skip = skipWithoutChromium()
/** What would run if a reason were taken for HTML. */
const HOSTILE = '<img src=x onerror="document.title=1"><b>not bold</b>'

let browser: Browser
let demo: Demo
let visit: Visitor
/** Closed, and decided by a release. */
let trade: TradeView

before(async () => {
  if (skip !== false) return
  demo = await startDemo(['up', '--speed', 'max'])
  browser = (await chromium())!
  // The run stands still from here on: what the page shows can be compared with what the API says.
  trade = await until('a trade that a release decided, and another release after it', async () => {
    const { items } = await demo.get<{ items: TradeView[] }>('/api/trades?limit=50')
    const { items: releases } = await demo.get<{ items: ReleaseView[] }>('/api/releases')
    if (!releases.some(({ state }) => state === 'previous')) return undefined
    // As the table finds it by its release: newest first, so the last of a release is its oldest.
    return items.findLast(({ label }) => label !== null)
  })
  await demo.post('/api/replay', { action: 'pause' })
  visit = await visitor(browser, demo.url)
})

after(async () => {
  await browser?.close()
  await demo?.remove()
})

test('from a trade to its model, its training window, the hash of its data and its signature', { skip }, async () => {
  const { page } = visit
  const { lineage } = await demo.get<Explanation>(`/api/decisions/${trade.decisionSeq}/explain`)
  assert.ok(lineage !== null)
  await visit.open('market')
  await page.getByRole('tab', { name: 'Trades' }).click()
  await page.getByRole('table', { name: 'Trades' }).getByRole('row', { name: trade.label! }).last().click()
  const why = page.getByRole('region', { name: `Why: decision ${trade.decisionSeq}` })
  const part = why.getByRole('region', { name: 'Lineage' })
  await part.getByText(lineage.dataHash).waitFor()
  const words = await part.innerText()
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
  assert.ok(words.includes(`${day(lineage.fit[0])} – ${day(lineage.fit[1])}`), words)
  assert.match(words, /Signature\s+valid/)
  for (const key of lineage.keyIds) assert.ok(words.includes(key), words)
  assert.equal(lineage.dataHash.length, 64)

  await part.getByRole('link', { name: trade.label! }).click()
  const release = page.getByRole('region', { name: trade.label! })
  await release.getByRole('tab', { name: 'Lineage' }).click()
  const detail = await demo.get<ReleaseDetail>(`/api/releases/${lineage.digest}`)
  await release.getByText(lineage.digest, { exact: true }).waitFor()
  const proof = await release.innerText()
  assert.ok(proof.includes(lineage.dataHash), proof)
  assert.ok(proof.includes(detail.lineage.codeVersion), proof)
  assert.ok(await release.getByText('signature valid').isVisible())
})

test('a bar without a trade says why there was none', { skip }, async () => {
  const { page } = visit
  await visit.open('market')
  await page.getByLabel('Outcome').selectOption({ label: 'no trade' })
  const row = page
    .getByRole('table', { name: 'Decisions' })
    .getByRole('row', { name: /no trade/ })
    .first()
  await row.click()
  const why = page.getByRole('region', { name: /^Why: decision/ })
  const reasons = why.getByRole('region', { name: 'Why no trade' })
  await reasons.waitFor()
  const seq = Number(/\d+/.exec(await why.getByRole('heading').first().innerText())?.[0])
  const explanation = await demo.get<Explanation>(`/api/decisions/${seq}/explain`)
  assert.equal(explanation.decision.outcome, 'noTrade')
  assert.ok(explanation.reasons.length > 0)
  for (const { text } of explanation.reasons) assert.ok((await reasons.innerText()).includes(text))
})

test('a click on a candle explains the decision of that bar, and Close puts it away', { skip }, async () => {
  const { page } = visit
  await visit.open('market')
  const candles = page.getByRole('figure').locator('canvas').first()
  // The lists below were looked at before.
  await candles.evaluate(element => element.scrollIntoView({ block: 'center' }))
  const box = (await candles.boundingBox())!
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.4)
  const why = page.getByRole('region', { name: /^Why: decision/ })
  await why.waitFor()
  assert.match(page.url(), /why=\d+/)
  await why.getByRole('button', { name: 'Close' }).click()
  await why.waitFor({ state: 'detached' })
})

test('time travel by keyboard shows who was in charge then, as the API does', { skip }, async () => {
  const { page } = visit
  await visit.open('models')
  const handle = page.getByRole('slider', { name: 'Time of the run that the page shows' })
  const panel = page.getByRole('region', { name: 'Time travel' })
  await handle.focus()
  const seen = new Set<string>()
  for (const key of ['Home', 'End', 'PageDown', 'PageDown', 'ArrowLeft', 'ArrowLeft', 'PageDown']) {
    await page.keyboard.press(key)
    if (key === 'End') continue
    const at = Number(await handle.inputValue())
    const { slots, verified } = await demo.get<InChargeView>(`/api/models/history?at=${at}`)
    const label = slots[0]!.label ?? 'baseline (rules)'
    const day = new Date(at).toISOString().slice(0, 10)
    await panel.getByText(`the past: ${day}`).waitFor()
    await panel.getByText(`In charge then: ${label}`).waitFor()
    if (verified) await panel.getByText('history verified').waitFor()
    seen.add(label)
  }
  assert.ok(seen.size > 1, `the handle met ${[...seen].join(', ')} only`)
  const then = await page.getByRole('region', { name: 'Releases' }).getByRole('row').count()
  await panel.getByRole('button', { name: 'Back to now' }).click()
  await panel.getByText('In charge now:').waitFor()
  assert.ok((await page.getByRole('region', { name: 'Releases' }).getByRole('row').count()) >= then)
})

test('a model is taken back after a look at what will change and with a reason', { skip }, async () => {
  const { page } = visit
  await visit.open('models')
  const { slots } = await demo.get<Status>('/api/status')
  const { items } = await demo.get<{ items: ReleaseView[] }>('/api/releases')
  const from = slots[0]!.label!
  const to = items.find(({ state }) => state === 'previous')!.label
  await page.getByRole('button', { name: 'Roll back' }).click()
  const dialog = page.getByRole('dialog', { name: 'Roll back' })
  assert.match(await dialog.innerText(), new RegExp(`In charge now\\s+${from}[^]*In charge after\\s+${to}`))
  assert.equal((await demo.get<Status>('/api/status')).slots[0]!.label, from, 'a look changes nothing')

  const reason = dialog.getByLabel(/^Reason/)
  const confirm = dialog.getByRole('button', { name: 'Roll back now' })
  await reason.fill('no')
  assert.ok(await confirm.isDisabled(), 'two letters are no reason')
  await reason.fill(HOSTILE)
  await confirm.click()
  await page.getByText(`rolled back from ${from} to ${to}`).first().waitFor()
  await until('the earlier release is in charge', async () => {
    const status = await demo.get<Status>('/api/status')
    return status.slots[0]!.label === to
  })
  await page.getByText(`In charge now: ${to}`).waitFor()
  const row = page.getByRole('region', { name: 'Releases' }).getByRole('row', { name: from })
  await row.getByText('blocked').waitFor()
})

test('a reason is text wherever it is shown, whatever it looks like', { skip }, async () => {
  const { page } = visit
  const { items } = await demo.get<{ items: SlotEventView[] }>('/api/models/timeline')
  assert.equal(items.find(({ event }) => event === 'rolledBack')?.cause, HOSTILE)
  for (const route of ['models', 'overview']) {
    await visit.open(route)
    await page.getByText(HOSTILE).first().waitFor()
    assert.equal(await page.locator('img, b').count(), 0)
    assert.match(await page.title(), /Ratchet$/)
  }
})

test('nothing went wrong in the page and nobody else was asked', { skip }, () => visit.complain())
