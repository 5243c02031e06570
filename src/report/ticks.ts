// Round places on the axes of plots.

/** Room of one axis: `at` gives the share of it, 0 to 1, at which a value stands. */
export type Axis = { readonly low: number; readonly high: number; readonly ticks: readonly number[] }

export const shareOf = (value: number, { low, high }: Pick<Axis, 'low' | 'high'>): number =>
  high === low ? 0.5 : (value - low) / (high - low)

/** 1, 2, 2.5 or 5 times a power of ten, the least of at least `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return ([1, 2, 2.5, 5].find(each => each * power >= least * (1 - 1e-9)) ?? 10) * power
}

/**
 * An axis around values that begins and ends at round numbers.
 *
 * @param count about how many steps
 * @example axisAround([3, 97], 4) // { low: 0, high: 100, ticks: [0, 25, 50, 75, 100] }
 */
export function axisAround(values: readonly number[], count = 4): Axis {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (!(least <= most)) [least, most] = [0, 1]
  // Values that differ by rounding alone are one value: there are no round numbers between them.
  const size = Math.max(Math.abs(least), Math.abs(most))
  if (most - least <= Math.max(1e-9 * size, 1e-300)) {
    const half = size > 1e-300 ? size / 2 : 0.5
    ;[least, most] = [least - half, most + half]
  }
  const step = roundStep((most - least) / count)
  const [first, last] = [Math.floor(least / step + 1e-9), Math.ceil(most / step - 1e-9)]
  // Multiples of a step are rounded again: 3 * 0.1 is not 0.3.
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
  return { low: ticks[0]!, high: ticks.at(-1)!, ticks }
}

/** Digits after the point that tell the ticks of an axis apart. */
export function tickDigits({ ticks }: Axis): number {
  const places = ticks.map(tick => (String(tick).split('.')[1] ?? '').length)
  return Math.min(6, Math.max(0, ...places))
}

export type TimeTick = { readonly time: number; readonly text: string }

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const SHORT = [1, 2, 5, 10, 15, 30].map(n => n * MINUTE)
const LONG = [1, 2, 3, 6, 12].map(n => n * HOUR)
const DAYS = [1, 2, 5, 7, 14].map(n => n * DAY)
/** In months. */
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600]

const textAt = (time: number, step: number): string => {
  const iso = new Date(time).toISOString()
  return step >= DAY ? iso.slice(0, 10) : `${iso.slice(5, 10)} ${iso.slice(11, 16)}`
}

/**
 * Round instants of UTC between two times, at most `most` of them.
 *
 * @example timeTicks(Date.UTC(2000, 0, 3), Date.UTC(2020, 3, 17)).map(({ text }) => text) // ['2002', '2004', ...] or wider
 */
export function timeTicks(from: number, to: number, most = 6): readonly TimeTick[] {
  const step = [...SHORT, ...LONG, ...DAYS].find(each => (to - from) / each < most)
  if (step !== undefined) {
    const first = Math.ceil(from / step)
    const count = Math.max(0, Math.floor(to / step) - first + 1)
    return Array.from({ length: count }, (_, i) => (first + i) * step).map(time => ({ time, text: textAt(time, step) }))
  }
  const start = new Date(from)
  const monthOf = (date: Date): number => date.getUTCFullYear() * 12 + date.getUTCMonth()
  const [begin, end] = [monthOf(start), monthOf(new Date(to))]
  const months = MONTHS.find(each => (end - begin) / each < most) ?? MONTHS.at(-1)!
  const first = Math.ceil(begin / months)
  return Array.from({ length: Math.floor(end / months) - first + 1 }, (_, i) => (first + i) * months)
    .map(month => ({ time: Date.UTC(Math.floor(month / 12), month % 12), month }))
    .filter(({ time }) => time >= from)
    .map(({ time }) => ({ time, text: new Date(time).toISOString().slice(0, months >= 12 ? 4 : 7) }))
}
