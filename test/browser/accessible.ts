// Whether a page is as WCAG 2.2 AA asks, so far as a program can tell: axe-core, run in the page.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const RUN = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(
  ({ violations, passes }) => ({
    found: violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')),
    passed: passes.length,
  }),
)`

/** @param page of a context that bypasses the policy of the page, or axe could not come in; @param what it is, for the message */
export async function accessible(page: Page, what: string): Promise<void> {
  await page.evaluate(axe)
  const { found, passed } = await page.evaluate<{ found: string[]; passed: number }>(RUN)
  assert.deepEqual(found, [], what)
  assert.ok(passed > 15, `${what}: axe looked at ${passed} rules only`)
}
