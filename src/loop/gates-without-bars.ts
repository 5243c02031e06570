// What the gates are asked with by a bot that holds no bars: structure, shapes, parity and likeness; whatever needs bars says that it did not
// apply (SRV-24, paper).

import type { Outcome } from '../base/fault.ts'
import { roleSchema } from '../features/schema.ts'
import { calendarOf } from '../market/calendars/index.ts'
import type { FeatureSchema } from '../market/feature-schema.ts'
import { cashInstrument } from '../market/instrument.ts'
import type { GateLimits } from '../serving/gates/limits.ts'
import type { JudgeOptions } from '../serving/judge.ts'
import type { ModelSet } from '../serving/model-set.ts'

/** A bot without bars has no bar length of its own: it compares with its columns at the release's. */
export function schemaWithoutBars(candidate: Outcome<ModelSet>): FeatureSchema {
  const columns = candidate.ok ? candidate.value.features['meta'] : undefined
  const barMs = Number(columns?.[0]?.parameters['barMs'])
  const volume = columns?.find(({ name }) => name === 'volume')
  const instrument = cashInstrument('', '24x7')
  return roleSchema({ instrument, calendar: calendarOf('24x7'), barMs }, { hasVolume: volume?.missing !== 'neutral' })
}

/** @example await updateOnce({ ...options, gateContext: gatesWithoutBars('SPX', limits) }) */
export function gatesWithoutBars(symbol: string, limits: GateLimits): JudgeOptions['gateContext'] {
  return (release, candidate, champion) => ({
    release,
    candidate,
    champion,
    profile: release.manifest.audience.profile,
    symbol,
    features: schemaWithoutBars(candidate),
    limits,
  })
}
