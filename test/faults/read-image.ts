// A directory of this machine as plain data, for checks that trust nothing of the product.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Paths below `root`, with `bot/` before them. */
export function readImage(root: string): Map<string, Uint8Array | null> {
  const image = new Map<string, Uint8Array | null>([['bot', null]])
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    image.set(`bot/${relative(root, path)}`, entry.isFile() ? readFileSync(path) : null)
  }
  return image
}
