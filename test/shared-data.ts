// Where tests find the real market data that is kept beside the project and never inside it.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Folder with the data, or undefined where this checkout stands alone. */
export function sharedData(): string | undefined {
  const folder = fileURLToPath(new URL('../../shared/data', import.meta.url))
  return existsSync(folder) ? folder : undefined
}

/** The `skip` option of a test that cannot run without the data. */
export function skipWithoutData(): string | false {
  return sharedData() === undefined ? 'the shared market data is not beside this checkout (../shared/data)' : false
}
