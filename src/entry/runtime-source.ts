// The source of a runtime from its options, as a port.

import { nodeDisk } from '../adapters/files/disk.ts'
import { filesSource } from '../adapters/files/source.ts'
import { httpSources } from '../adapters/http/configured.ts'
import { monotonicClock, systemClock } from '../adapters/system/clock.ts'
import { systemTimer } from '../adapters/system/timer.ts'
import type { Log } from '../base/log.ts'
import { breakerFile } from '../base/resilience/breaker-memory.ts'
import type { Rng } from '../base/rng.ts'
import type { Settings } from '../loop/settings.ts'
import type { ReleaseSource } from '../release/source.ts'
import type { SourceOptions } from './runtime-options.ts'

export type SourcePorts = {
  readonly settings: Settings
  readonly log: Log
  readonly rng: Rng
  /** Keeps what is known of places that fail. */
  readonly stateDir: string
}

/** Faults: `URL_INVALID`, `URL_SCHEME`, `URL_CREDENTIALS`, `URL_INSECURE`, `SECRET_UNPROTECTED`. */
export function runtimeSource(options: SourceOptions, { settings, log, rng, stateDir }: SourcePorts): ReleaseSource {
  if (options.kind === 'files') return filesSource(options.place)
  const { url, apiKey, allowHttp = false, allowedHosts = [], requestsPerMinute } = options
  const { http, performance, releases } = settings.cloudTrainer
  const disk = nodeDisk()
  const rateLimitPerMinute = requestsPerMinute ?? http.rateLimitPerMinute
  return httpSources({
    settings: {
      ...settings,
      cloudTrainer: { performance, releases, http: { ...http, allowedHosts, rateLimitPerMinute } },
    },
    // The options say it; what the environment of that program says is meant for others.
    environment: { RELEASES_API_KEY: apiKey, RATCHET_MODE: allowHttp ? 'development' : 'production' },
    disk,
    memory: breakerFile({ disk, directory: stateDir, clock: systemClock }),
    clock: monotonicClock,
    timer: systemTimer,
    rng,
    log,
  })(url)
}
