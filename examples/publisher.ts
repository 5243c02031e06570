// Whoever publishes: trains on bars and puts a signed release into a folder, as a job on another machine would.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export type PublisherOptions = {
  readonly bars: string
  readonly symbol: string
  /** The published tree. */
  readonly to: string
  /** State directory of the trainer: it counts the versions of the channel. */
  readonly state: string
  readonly hmacKey: string
}

/** @example await publisher(options)('7') // a release of that seed is published */
export function publisher({ bars, symbol, to, state, hmacKey }: PublisherOptions): (seed: string) => Promise<void> {
  const env = { ...process.env, MANIFEST_HMAC_KEY: hmacKey }
  const ratchet = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['src/app.ts', ...args, '--state', state], { env })
  return async seed => {
    const release = `${state}/release-${seed}`
    await ratchet('train', '--bars', bars, '--symbol', symbol, '--seed', seed, '--out', release)
    await ratchet('publish', release, '--to', to)
  }
}
