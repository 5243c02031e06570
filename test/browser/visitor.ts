// Somebody at the page, who notes what must never happen there: an error in the console, a request to somebody else, a broken policy.

import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { PATIENCE_MS } from './demo.ts'

export const PAGES = ['overview', 'market', 'models', 'training'] as const
export const THEMES = ['light', 'dark'] as const

export type Visitor = {
  readonly page: Page
  /** Opens a page of the dashboard. */
  readonly open: (route: string) => Promise<void>
  /** Opens it and waits until it shows what a run gave it to show. */
  readonly ready: (name: (typeof PAGES)[number]) => Promise<void>
  /** Fails if anything happened that must not; @param expected what this journey provokes itself */
  readonly complain: (expected?: RegExp) => void
  readonly leave: () => Promise<void>
}

/** @param url of the program, whose own requests are the only ones allowed */
export async function visitor(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC', ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', error => faults.push(`exception: ${error.message}`))
  page.on('request', request => {
    const asked = request.url()
    if (!asked.startsWith(`${url}/`) && !asked.startsWith('blob:')) faults.push(`a request to ${asked}`)
  })
  const open = async (route: string): Promise<void> => {
    await page.goto(`${url}/#/${route}`)
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
  }
  return {
    page,
    open,
    async ready(name) {
      await open(name)
      await page.getByText('PAPER', { exact: true }).waitFor()
      if (name === 'models') await page.getByRole('table', { name: 'Gates' }).waitFor()
      else if (name === 'training')
        await page.getByRole('region', { name: 'Trainings' }).getByRole('row').nth(2).waitFor()
      else await page.locator('canvas').first().waitFor()
    },
    complain(expected) {
      const wrong = faults.filter(fault => expected === undefined || !expected.test(fault))
      assert.deepEqual(wrong, [])
    },
    leave: () => context.close(),
  }
}
