// The Chromium of this machine, for tests that look at what people see; nothing is downloaded.

import { existsSync } from 'node:fs'
import { type Browser, chromium as engine } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Path of the browser: `CHROMIUM_PATH`, else a usual place; undefined where there is none. */
function chromiumPath(): string | undefined {
  const given = process.env['CHROMIUM_PATH']
  return given === undefined || given === '' ? PLACES.find(place => existsSync(place)) : given
}

/** A running browser, to be closed by the caller; undefined where none is installed. */
export async function chromium(): Promise<Browser | undefined> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) return undefined
  return engine.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** The `skip` option of a test that cannot run without a browser. */
export function skipWithoutChromium(): string | false {
  return chromiumPath() === undefined
    ? 'no Chromium is installed (CHROMIUM_PATH or /usr/bin/chromium): pages are not looked at'
    : false
}
