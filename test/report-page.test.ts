// Report pages as people see them: in a real browser, narrow and wide, light and dark.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { everyBlock } from '../src/report/fixtures/every-block.ts'
import { renderReport } from '../src/report/render.ts'
import { chromium, skipWithoutChromium } from './browser.ts'

const skip = skipWithoutChromium()
const VIEWS = [
  { width: 360, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
] as const

let browser: Browser | undefined
let directory = ''
let url = ''

before(async () => {
  browser = await chromium()
  directory = await mkdtemp(join(tmpdir(), 'ratchet-report-'))
  const file = join(directory, 'report.html')
  await writeFile(file, renderReport(everyBlock(' <b>&'), [{ label: 'Made', text: 'for a test' }]).html)
  url = pathToFileURL(file).href
})

after(async () => {
  await browser?.close()
  await rm(directory, { recursive: true, force: true })
})

type View = (typeof VIEWS)[number] & { readonly bypassCSP?: boolean }

async function open({ width, colorScheme, bypassCSP = false }: View, look: (page: Page) => Promise<void>) {
  const context = await browser!.newContext({ viewport: { width, height: 800 }, colorScheme, bypassCSP })
  await look(await context.newPage())
  await context.close()
}

test('the page asks for nothing but itself, complains of nothing and is never wider than the screen', {
  skip,
}, async () => {
  for (const view of VIEWS) {
    await open(view, async page => {
      const asked: string[] = []
      const said: string[] = []
      page.on('request', request => asked.push(request.url()))
      page.on('console', message => said.push(message.text()))
      await page.goto(url)
      assert.deepEqual([asked, said], [[url], []])
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), view.width)
      // The style sheet is in force: its hash is the one that the policy allows.
      assert.match(String(await page.evaluate('getComputedStyle(document.body).maxWidth')), /px$/)
    })
  }
})

type Finding = { readonly id: string; readonly nodes: readonly { readonly html: string }[] }

test('axe finds nothing, in both themes, narrow and wide, tables unfolded', { skip }, async () => {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  for (const view of VIEWS) {
    await open({ ...view, bypassCSP: true }, async page => {
      await page.goto(url)
      await page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
      // The shadows that hint at scrolling are gradients, behind which axe measures no contrast.
      await page.addStyleTag({ content: '.scroll{background:none!important}' })
      await page.evaluate(axe)
      const found = await page.evaluate<readonly Finding[]>('axe.run().then(result => result.violations)')
      const listed = found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
      assert.deepEqual(listed, [], `${view.width} px, ${view.colorScheme}`)
    })
  }
})

test('wide tables scroll by keyboard inside their own frame', { skip }, async () => {
  // Waiting is done by a text that is evaluated in the page, which its own policy forbids.
  await open({ ...VIEWS[0], bypassCSP: true }, async page => {
    await page.goto(url)
    const months = page.getByRole('region', { name: 'Months' })
    await months.focus()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction('document.activeElement.scrollLeft > 0', undefined, { timeout: 3000 })
  })
})
