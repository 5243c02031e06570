// Numbers of the loop as reports show them.

import type { Measure } from '../../math/measure.ts'
import type { Amount } from '../../report/report.ts'

export const percent = (value: number, digits = 1): Amount => ({ value, unit: '%', digits })
export const gain = (value: number): Amount => ({ ...percent(value), signed: true })
export const dollars = (value: number): Amount => ({ value, unit: '$', digits: 0 })
export const whole = (value: number): Amount => ({ value, digits: 0 })

/** A measure as it is shown, or why there is none. */
export function shown(measure: Measure, of: string, style: Partial<Amount> = {}, scale = 1): Amount {
  const { value, n } = measure
  if (value === null) return { value, n, of, note: measure.reason }
  return { value: scale * value, n, of, ...style }
}
