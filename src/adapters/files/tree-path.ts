// Paths inside a directory that others may write to: relative, plain names, never upwards.

import { Fault } from '../../base/fault.ts'

/** The absolute path, or `PATH_OUTSIDE` for one that could lead out of the root. */
export function treePath(root: string, path: string): string {
  const parts = path.split('/')
  const plain = parts.every(part => /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}$/.test(part))
  if (plain) return `${root}/${path}`
  throw new Fault('PATH_OUTSIDE', 'is no plain path inside the tree', { place: path })
}
