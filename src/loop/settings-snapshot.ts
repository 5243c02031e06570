// The id of a configuration: the same for `ratchet config`, for runs and for whoever explains them (CFG-06).

import { canonicalJson } from '../base/canonical-json.ts'
import { sha256 } from '../base/hash.ts'
import type { Settings } from './settings.ts'

export type SettingsSnapshot = {
  /** First 16 hex of the SHA-256 of `body`. */
  readonly id: string
  /** The whole tree as canonical JSON; secrets are no part of it. */
  readonly body: string
}

/** @example snapshotOf(settingsSchema.parse({})).id.length // 16 */
export function snapshotOf(settings: Settings): SettingsSnapshot {
  const body = canonicalJson(settings)
  return { id: sha256(body).slice(0, 16), body }
}
