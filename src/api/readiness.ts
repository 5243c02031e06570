// Each part's state with its written degraded mode (RSL-03, OBS-03). Only a database that does not answer makes the whole not ready.

import { Fault } from '../base/fault.ts'
import type { StatusView } from '../loop/views/status-view.ts'
import type { ClockNews } from './clock-watch.ts'
import type { ServerOptions } from './options.ts'
import type { Component } from './schemas/health.ts'
import type { SourceNews } from './source-watch.ts'

export type Readiness = () => Promise<readonly Component[]>

export type ReadinessOptions = Pick<ServerOptions, 'views' | 'records' | 'vitals'> & {
  /** What calls told of the source of releases. */
  readonly sourceNews: () => SourceNews | undefined
  /** What dates of answers told of this machine's clock. */
  readonly clockNews: () => ClockNews | undefined
  /** OBS-03: share of the disk, and resident bytes, from which a part is degraded. */
  readonly diskRatio?: number
  readonly memoryBytes?: number
}

const MODES: Readonly<Record<string, string>> = {
  'ml-rl-system': 'nothing is decided; everything recorded can still be read',
  models: 'the rule-based baseline decides',
  'release source': 'the model in charge keeps deciding and grows older',
  database: 'nothing can be read here, and no new risk is taken while an intent cannot be written',
  broker: 'entries are blocked',
  data: 'no entries are made on data that are missing or old',
  disk: 'no release is installed and no training starts when there is no room',
  memory: 'slower, and in the end stopped by the system',
  'clock skew': 'what is signed now counts as not yet valid or as expired, and is refused',
}

const component = (name: keyof typeof MODES, state: Component['state'], detail: string): Component => ({
  name,
  state,
  detail,
  degradedMode: MODES[name]!,
})

function sourceComponent(live: StatusView['live'], source: SourceNews | undefined): Component {
  if (live === null || live.state === 'ended')
    return component('release source', 'unknown', 'nothing is asked while no loop runs')
  const [worst, ...others] = [...(live.troubled ?? [])].sort((a, b) => b.failures - a.failures)
  if (worst !== undefined) {
    const more = others.length === 0 ? '' : `; ${others.length} more fail`
    const detail = `${worst.source} failed ${worst.failures} times in a row: ${worst.code}${more}`
    return component('release source', 'degraded', detail)
  }
  if (source !== undefined) return component('release source', source.state, source.detail)
  return component('release source', 'ok', 'on this disk')
}

function loopComponents({ run, live, slots }: StatusView, source: SourceNews | undefined): Component[] {
  const inCharge = slots.find(({ digest }) => digest !== null)
  const running = live !== null && live.state !== 'ended'
  return [
    running
      ? component('ml-rl-system', 'ok', `the loop is ${live.state}`)
      : component('ml-rl-system', 'unknown', 'no loop runs in this process'),
    inCharge === undefined
      ? component('models', 'unknown', 'no release is in charge yet')
      : component('models', 'ok', `${inCharge.label} is in charge`),
    sourceComponent(live, source),
    running ? component('broker', 'ok', 'paper') : component('broker', 'unknown', 'no loop runs in this process'),
    run === null
      ? component('data', 'unknown', 'nothing was run yet')
      : component('data', 'ok', `${run.barsDone} of ${run.bars} bars of ${run.symbol}`),
  ]
}

export function readiness({
  views,
  records,
  vitals,
  sourceNews,
  clockNews,
  diskRatio = 0.85,
  memoryBytes = 2048 * 1024 * 1024,
}: ReadinessOptions): Readiness {
  const database = async (): Promise<readonly Component[]> => {
    try {
      await records.ping()
      return [component('database', 'ok', 'answers'), ...loopComponents(await views.status(), sourceNews())]
    } catch (cause) {
      // Whatever it is, the answer is that it is down, and why.
      const detail = cause instanceof Fault ? `${cause.code}: ${cause.message}` : 'does not answer'
      return [component('database', 'down', detail)]
    }
  }
  return async () => {
    const { diskUsedRatio, residentBytes } = await vitals.signs()
    const clock = clockNews() ?? { state: 'unknown' as const, detail: 'no place outside has told the time yet' }
    const percent = `${(diskUsedRatio * 100).toFixed(1)} % used`
    const mebibytes = `${(residentBytes / 1024 / 1024).toFixed(0)} MiB resident`
    return [
      ...(await database()),
      component('disk', diskUsedRatio < diskRatio ? 'ok' : 'degraded', percent),
      component('memory', residentBytes < memoryBytes ? 'ok' : 'degraded', mebibytes),
      component('clock skew', clock.state, clock.detail),
    ]
  }
}
