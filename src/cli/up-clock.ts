// `ratchet up --clock`: trains, publishes and installs by the clock on what is stored, until it is stopped.

import { Fault } from '../base/fault.ts'
import { clockLoop } from '../loop/clock-loop.ts'
import { refuseBlocked } from '../loop/data-status.ts'
import { addToSeries, type Market } from '../loop/import-series.ts'
import type { Ports } from '../loop/ports.ts'
import { placesOf } from '../loop/source-place.ts'
import { marketInUse } from '../loop/stored-market.ts'
import type { Cadence } from './arguments.ts'
import { clockFacts, clockLine } from './clock-lines.ts'
import type { Session } from './command.ts'
import { type SeriesOptions, seriesRequest } from './series-options.ts'

export type UpClockOptions = SeriesOptions & {
  readonly bars?: string
  readonly seed?: number
  readonly trainEvery?: Cadence
  readonly headless?: true
  readonly speed?: number
  readonly port?: number
  readonly source?: readonly string[]
}

/** Options of a replay, which has bars to count and an end. */
const OF_REPLAYS = { untilEnd: '--until-end', restart: '--restart' } as const
/** Options of an import, which needs a file. */
const OF_IMPORTS = {
  tz: '--tz',
  bar: '--bar',
  map: '--map',
  maxBad: '--max-bad',
  calendar: '--calendar',
  simulated: '--simulated',
} as const

const BANNER = [
  'Trains, publishes and installs by the clock on stored bars. Nothing is traded here: no order is placed, not even on paper. Not advice.',
]
const DATA_NOTE = 'Your own bars, under the terms you have them by.'

const usage = (place: string, sentence: string, fix: string): Fault => new Fault('USAGE', sentence, { place, fix })

/** Faults: `USAGE` for what makes no sense together. */
function refuseOdd(options: UpClockOptions & Partial<Record<keyof typeof OF_REPLAYS, unknown>>): void {
  for (const [name, place] of Object.entries(OF_REPLAYS)) {
    if (options[name as keyof typeof OF_REPLAYS] !== undefined) {
      throw usage(place, `${place} is for replays`, 'leave it out, or leave out --clock')
    }
  }
  if (options.speed === Number.POSITIVE_INFINITY)
    throw usage('--speed', 'a clock has no speed max', 'give a factor such as 60')
  if (options.bars !== undefined) return
  for (const [name, place] of Object.entries(OF_IMPORTS)) {
    if (options[name as keyof typeof OF_IMPORTS] !== undefined) {
      throw usage(place, `${place} was given without --bars`, 'name the file with --bars FILE')
    }
  }
  if (options.symbol === undefined) {
    throw usage('--symbol', '--clock was given without --symbol', 'say which of the stored series: --symbol S')
  }
}

/** Slots are whole minutes, and at most a day (SCHED-01). Fault: `USAGE`. */
function slotMinutes(every: Cadence): number {
  const minutes = 'ms' in every ? every.ms / 60_000 : 0
  if (minutes >= 1 && minutes <= 1440) return minutes
  throw usage('--train-every', 'by the clock a time from 1m to 1d is expected', 'give one, such as 30m')
}

async function marketOf({ ports, out, state }: Session, options: UpClockOptions): Promise<Market> {
  const { bars, symbol } = options
  const stored = await state()
  if (bars !== undefined) {
    const request = seriesRequest(bars, options)
    await refuseBlocked(request.simulated === true ? 'simulated' : 'file', stored)
    const { report } = await addToSeries(request, stored, ports)
    for (const warning of report.warnings) out.note(`note: ${warning}`)
    return (await marketInUse(stored, report.symbol, ports, report.barMs))!
  }
  const market = await marketInUse(stored, symbol, ports)
  if (market !== undefined) {
    await refuseBlocked(market.series.source, stored)
    return market
  }
  throw new Fault('DATA_NONE_STORED', `no bars of ${symbol} are stored`, {
    fix: `import some: ratchet up --clock --bars FILE --symbol ${symbol}`,
  })
}

const withSlots = (ports: Ports, intervalMinutes: number): Ports => {
  const { settings } = ports
  return { ...ports, settings: { ...settings, training: { ...settings.training, intervalMinutes } } }
}

/** Ends with the fault of the signal. */
export async function upClock(session: Session, options: UpClockOptions): Promise<never> {
  refuseOdd(options)
  const { out, signal, stateDirectory } = session
  const { headless, port, seed, source, speed, trainEvery } = options
  const intervalMinutes = trainEvery === undefined ? undefined : slotMinutes(trainEvery)
  const ports = intervalMinutes === undefined ? session.ports : withSlots(session.ports, intervalMinutes)
  for (const line of BANNER) out.note(line)
  const market = await marketOf(session, options)
  const { symbol, bars } = market.series
  const { settings } = ports
  return clockLoop(
    {
      market,
      seed: seed ?? settings.training.seed,
      speed: speed ?? 1,
      sources: placesOf(source, settings.release.sources),
      window: headless === true ? undefined : { port: port ?? settings.api.port, banner: BANNER, dataNote: DATA_NOTE },
    },
    await session.state(),
    ports,
    {
      signal,
      onOpen({ window, inCharge, notes }) {
        for (const note of notes) out.note(`note: ${note}`)
        const page = window === undefined ? '' : `watch it: ${window.url}   `
        const every = `a slot each ${settings.training.intervalMinutes} minutes of the clock`
        const pace = speed === undefined || speed === 1 ? every : `${every}, which runs ${speed} times as fast`
        out.note(`${page}${symbol}, ${bars.length} bars, ${pace}; in charge: ${inCharge ?? 'the rule-based baseline'}`)
        out.note(`state in ${stateDirectory}, mode PAPER; Ctrl-C stops, the next start goes on`)
      },
      onEvent: event => out.result(clockFacts(event), [clockLine(event)]),
      onProgress: ({ phase, fraction, text }) =>
        out.progress(fraction, `${Math.round(fraction * 100)} % ${phase}: ${text}`),
      onDraining: () => out.note('draining: what has begun ends or is called off, everything on disk is safe'),
    },
  )
}
