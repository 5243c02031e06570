// Takes the pictures of the README from the demo itself: node scripts/pictures.mjs (under the pinned Node; needs a Chromium).

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from '../test/browser.ts'

/** Each at a bar with something to look at: swaps and trades, then refusals. */
const PICTURES = [
  { name: 'market', colorScheme: 'light', bar: 1070 },
  { name: 'overview', colorScheme: 'dark', bar: 1500 },
]

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'docs', 'pictures')
mkdirSync(folder, { recursive: true })
const state = mkdtempSync(join(tmpdir(), 'ratchet-pictures-'))
const args = [join(root, 'src', 'app.ts'), 'up', '--state', state, '--port', '0', '--speed', 'max']
const demo = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
try {
  const url = await new Promise((resolve, reject) => {
    let text = ''
    demo.stderr.setEncoding('utf8').on('data', chunk => {
      text += chunk
      const found = /watch it: (\S+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    demo.once('exit', code => reject(new Error(`the demo ended with ${code}:\n${text}`)))
  })
  const pace = barsPerSecond => {
    const body = JSON.stringify({ action: 'speed', barsPerSecond })
    return fetch(`${url}/api/replay`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  }
  const browser = await chromium()
  if (browser === undefined) throw new Error('no Chromium is installed: set CHROMIUM_PATH')
  for (const { name, colorScheme, bar } of PICTURES) {
    await pace(null)
    for (let done = 0; done < bar; ) {
      await sleep(200)
      const { run } = await (await fetch(`${url}/api/status`)).json()
      done = run?.barsDone ?? 0
    }
    await pace(12)
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme })
    await page.goto(`${url}/#/${name}`)
    await page.locator('canvas').first().waitFor()
    await sleep(3000)
    const path = join(folder, `${name}.png`)
    await page.screenshot({ path })
    console.log(`${path} ${Math.round(statSync(path).size / 1000)} kB`)
    await page.close()
  }
  await browser.close()
} finally {
  demo.kill('SIGTERM')
  await new Promise(resolve => demo.once('exit', resolve))
  rmSync(state, { recursive: true, force: true })
}
