// Each part's state with its written degraded mode (RSL-03, OBS-03). Only a database that does not answer makes the whole not ready.

import { Fault } from '../base/fault.ts'
import type { StatusView } from '../loop/views/status-view.ts'
import type { ClockNews } from './clock-watch.ts'
import type { ServerOptions } from './options.ts'
import type { Component } from './schemas/health.ts'
import type { SourceCheck } from './source-check.ts'

export type Readiness = () => Promise<readonly Component[]>

export type ReadinessOptions = Pick<ServerOptions, 'views' | 'records' | 'vitals' | 'health'> & {
  readonly source: SourceCheck
  /** What dates of answers told of this machine's clock. */
  readonly clockNews: () => ClockNews | undefined
}

/** OBS-03: of what this process may take. */
const MEMORY_RATIO = 0.9
const MEBIBYTE = 1024 * 1024

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

/** Answers that say that nobody is there to be asked. */
const ASLEEP: ReadonlySet<string> = new Set(['NOT_RUNNING', 'RUN_ENDED'])

async function sourceComponent(live: StatusView['live'], source: SourceCheck): Promise<Component> {
  const say = (state: Component['state'], detail: string) => component('release source', state, detail)
  if (live === null || live.state === 'ended') return say('unknown', 'nothing is asked while no loop runs')
  const [worst, ...others] = [...(live.troubled ?? [])].sort((a, b) => b.failures - a.failures)
  if (worst !== undefined) {
    const more = others.length === 0 ? '' : `; ${others.length} more fail`
    return say('degraded', `${worst.source} failed ${worst.failures} times in a row: ${worst.code}${more}`)
  }
  const answer = await source()
  if (answer.ok) return say('ok', answer.value)
  const { code, message } = answer.fault
  if (code === 'NO_SOURCES') return say('ok', 'on this disk')
  return say(ASLEEP.has(code) ? 'unknown' : 'degraded', `${code}: ${message}`)
}

function dataComponent({ run, data }: StatusView): Component {
  const say = (state: Component['state'], detail: string) => component('data', state, detail)
  if (run === null) return say('unknown', 'nothing was run yet')
  if (data === null) return say('ok', `${run.barsDone} of ${run.bars} bars of ${run.symbol}, at the time of the replay`)
  const detail = `the newest bar of ${run.symbol} is ${Math.round(data.ageMs / 1000)} s old`
  if (data.state !== 'expired') return say('ok', detail)
  return data.open === false ? say('unknown', `${detail}; the market is closed`) : say('degraded', detail)
}

async function loopComponents(status: StatusView, source: SourceCheck): Promise<Component[]> {
  const { live, slots } = status
  const inCharge = slots.find(({ digest }) => digest !== null)
  const running = live !== null && live.state !== 'ended'
  return [
    running
      ? component('ml-rl-system', 'ok', `the loop is ${live.state}`)
      : component('ml-rl-system', 'unknown', 'no loop runs in this process'),
    inCharge === undefined
      ? component('models', 'unknown', 'no release is in charge yet')
      : component('models', 'ok', `${inCharge.label} is in charge`),
    await sourceComponent(live, source),
    running ? component('broker', 'ok', 'paper') : component('broker', 'unknown', 'no loop runs in this process'),
    dataComponent(status),
  ]
}

export function readiness({ views, records, vitals, health, source, clockNews }: ReadinessOptions): Readiness {
  const database = async (): Promise<readonly Component[]> => {
    try {
      await records.ping()
      return [component('database', 'ok', 'answers'), ...(await loopComponents(await views.status(), source))]
    } catch (cause) {
      // Whatever it is, the answer is that it is down, and why.
      const detail = cause instanceof Fault ? `${cause.code}: ${cause.message}` : 'does not answer'
      return [component('database', 'down', detail)]
    }
  }
  return async () => {
    const { diskUsedRatio, residentBytes, memoryLimitBytes } = await vitals.signs()
    const clock = clockNews() ?? { state: 'unknown' as const, detail: 'no place outside has told the time yet' }
    const percent = `${(diskUsedRatio * 100).toFixed(1)} % used`
    const most = Math.min(MEMORY_RATIO * memoryLimitBytes, health.memorySoftMb * MEBIBYTE)
    const resident = `${(residentBytes / MEBIBYTE).toFixed(0)} of ${(most / MEBIBYTE).toFixed(0)} MiB resident`
    return [
      ...(await database()),
      component('disk', diskUsedRatio < health.diskRatio ? 'ok' : 'degraded', percent),
      component('memory', residentBytes < most ? 'ok' : 'degraded', resident),
      component('clock skew', clock.state, clock.detail),
    ]
  }
}
