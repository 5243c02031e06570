// A source over a fault server, wired like the program's, with the machine's clock and timers unless a test brings its own.

import { httpPolicy } from '../../src/adapters/http/policy.ts'
import { type HttpSourceOptions, httpSource } from '../../src/adapters/http/source.ts'
import { monotonicClock } from '../../src/adapters/system/clock.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { silentLog } from '../../src/base/log.ts'
import type { PolicyOptions } from '../../src/base/resilience/policy.ts'
import { seededRng } from '../../src/base/rng.ts'
import type { BuiltRelease } from '../../src/release/build.ts'
import { CURRENT_PATH, POINTER_PATH, publishedPath } from '../../src/release/layout.ts'
import type { ReleaseSource } from '../../src/release/source.ts'
import type { NetServer } from './net.ts'

/** Puts a release where readers find it: its blobs first, the pointer last. */
export function publishOn(server: Pick<NetServer, 'put'>, release: BuiltRelease): void {
  const { files, manifest, currentBytes, pointerBytes } = release
  for (const [name, bytes] of files) server.put(publishedPath(name, manifest.label), bytes)
  server.put(CURRENT_PATH, currentBytes)
  server.put(POINTER_PATH, pointerBytes)
}

export type WorldOptions = Partial<HttpSourceOptions> & { readonly resilience?: Partial<PolicyOptions> }

/** Retries come quickly and requests are many, so that tests need not wait; what a test is about it sets itself. */
export function sourceAt(base: string, { resilience = {}, ...over }: WorldOptions = {}): ReleaseSource {
  const { clock = monotonicClock, timer = systemTimer } = over
  const policy = httpPolicy({
    clock,
    timer,
    rng: seededRng('http'),
    log: silentLog,
    perMinute: 60_000,
    burst: 1_000,
    backoff: { baseDelayMs: 5 },
    ...resilience,
  })
  return httpSource({ base, clock, timer, policy, allowHttp: true, ...over })
}
