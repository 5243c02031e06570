// SHA-256 as lower-case hex, the identity of everything that Ratchet stores or ships.

import { createHash } from 'node:crypto'

/** @example sha256('abc') // 'ba7816bf…15ad' */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}

export interface Hasher {
  update(data: Uint8Array | string): void
  /** Lower-case hex of everything so far; the hasher goes on. */
  digest(): string
}

export function sha256Hasher(): Hasher {
  const hash = createHash('sha256')
  return {
    update(data) {
      hash.update(data)
    },
    digest: () => hash.copy().digest('hex'),
  }
}
