// G11: fast and small enough, measured in a process of its own under limits (SRV-12). What is not measured is not passed: a live bot
// installs nothing, in paper it is shown as open (SRV-24).

import type { LatencyFigures, Measurement } from '../probe.ts'
import type { Gate } from './gate.ts'
import type { GateLimits } from './limits.ts'
import { verdictsOf } from './result.ts'

const { fail, judge, notApplicable } = verdictsOf('G11')

/** Codes by which nothing was measured, and no model is to blame. */
const UNMEASURED: ReadonlySet<string> = new Set(['PROBE_UNAVAILABLE'])

const ms = (value: number): string => `${value.toFixed(3)} ms`

/** The highest p99 that the set in charge leaves to its successor. */
const besideChampion = ({ p99Ms }: LatencyFigures, limits: GateLimits): number =>
  limits.latencyChampionRatio * p99Ms + limits.latencyChampionSlackMs

/** Why a measurement does not pass, or undefined. */
export function tooMuch({ report, champion }: Measurement, limits: GateLimits): string | undefined {
  const { p95Ms, p99Ms } = report.latency
  if (!(p95Ms <= limits.latencyP95Ms)) return `p95 is ${ms(p95Ms)}, at most ${limits.latencyP95Ms} ms`
  if (!(p99Ms <= limits.latencyP99Ms)) return `p99 is ${ms(p99Ms)}, at most ${limits.latencyP99Ms} ms`
  if (champion !== undefined && !(p99Ms <= besideChampion(champion, limits))) {
    const ratio = `${limits.latencyChampionRatio} times that and ${limits.latencyChampionSlackMs} ms`
    return `p99 is ${ms(p99Ms)}, that of the set in charge ${ms(champion.p99Ms)}: more than ${ratio}`
  }
  if (report.peakMb <= limits.maxMemoryMb) return undefined
  return `took ${Math.ceil(report.peakMb)} MiB, at most ${limits.maxMemoryMb} MiB`
}

export const latency: Gate = {
  name: 'G11',
  asks: 'fast and small enough',
  check({ measured, profile, limits, champion }) {
    const open = (reason: string) =>
      profile === 'live' ? fail(null, null, reason) : notApplicable(reason, { paper: true, live: 'fail' })
    if (measured === undefined) return open('latency and memory in a process of its own is not measured here')
    if (!measured.ok) {
      const { code, message } = measured.fault
      return UNMEASURED.has(code) ? open(message) : fail(code, null, message)
    }
    const { latency, peakMb } = measured.value.report
    const value = `p95 ${ms(latency.p95Ms)}, p99 ${ms(latency.p99Ms)}, ${Math.ceil(peakMb)} MiB`
    const limit = `${limits.latencyP95Ms} ms, ${limits.latencyP99Ms} ms, ${limits.maxMemoryMb} MiB`
    const wrong = tooMuch(measured.value, limits)
    const alone = champion !== undefined && measured.value.champion === undefined
    const note = alone ? { reason: 'the set in charge could not be measured: absolute limits only' } : {}
    return judge(wrong === undefined, value, limit, wrong ?? '', note)
  },
}
