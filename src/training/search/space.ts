// What a search may choose: named dimensions with their ranges, and the unit cube that methods think in (SEARCH-02).

import { Fault } from '../../base/fault.ts'

export type Choice = string | number | boolean

export type Dimension =
  /** `log`: equal steps are equal ratios. */
  | { readonly kind: 'real' | 'whole'; readonly low: number; readonly high: number; readonly log?: boolean }
  | { readonly kind: 'choice'; readonly of: readonly Choice[] }

export type Space = Readonly<Record<string, Dimension>>

export type Parameters = Readonly<Record<string, Choice>>

export const namesOf = (space: Space): string[] => Object.keys(space)

/** Just below 1, so that the end of the cube belongs to the last value. */
const INSIDE = 1 - 2 ** -40

const slot = (unit: number, count: number): number => Math.floor(Math.min(Math.max(unit, 0), INSIDE) * count)

function valueAt(dimension: Dimension, unit: number): Choice {
  if (dimension.kind === 'choice') return dimension.of[slot(unit, dimension.of.length)]!
  const { kind, low, high, log } = dimension
  const share = Math.min(Math.max(unit, 0), 1)
  if (kind === 'real') return log === true ? low * (high / low) ** share : low + share * (high - low)
  if (log !== true) return low + slot(share, high - low + 1)
  // Half a step beyond each end, so that the ends get their fair share.
  const value = (low - 0.5) * ((high + 0.5) / (low - 0.5)) ** share
  return Math.min(high, Math.max(low, Math.round(value)))
}

/**
 * The parameters at a point of the unit cube.
 *
 * @example parametersAt({ depth: { kind: 'whole', low: 2, high: 5 } }, [0.99]) // { depth: 5 }
 */
export function parametersAt(space: Space, unit: readonly number[]): Parameters {
  return Object.fromEntries(namesOf(space).map((name, at) => [name, valueAt(space[name]!, unit[at]!)]))
}

/** How many values a dimension has; infinite for a real one. */
export function sizeOf(dimension: Dimension): number {
  if (dimension.kind === 'choice') return dimension.of.length
  return dimension.kind === 'real' ? Number.POSITIVE_INFINITY : dimension.high - dimension.low + 1
}

/** Evenly spread places of a dimension, `levels` of them or one for each value where there are fewer. */
export function levelsOf(dimension: Dimension, levels: number): number[] {
  const count = Math.min(levels, sizeOf(dimension))
  // A real dimension is tried at its ends too; slots are tried in their middle.
  if (dimension.kind === 'real' && count > 1) return Array.from({ length: count }, (_, i) => i / (count - 1))
  return Array.from({ length: count }, (_, i) => (i + 0.5) / count)
}

/** What may be given for a parameter, in words. */
export function allowedOf(dimension: Dimension): string {
  if (dimension.kind === 'choice') return `one of ${dimension.of.join(', ')}`
  return `${dimension.kind === 'whole' ? 'a whole number' : 'a number'} from ${dimension.low} to ${dimension.high}`
}

function fits(dimension: Dimension, value: unknown): boolean {
  if (dimension.kind === 'choice') return dimension.of.some(one => one === value)
  if (typeof value !== 'number' || (dimension.kind === 'whole' && !Number.isInteger(value))) return false
  return value >= dimension.low && value <= dimension.high
}

/** @throws Fault `PARAM_INVALID` naming path, value and what is allowed */
export function checkParameters(space: Space, given: Readonly<Record<string, unknown>>, path: string): void {
  for (const [name, value] of Object.entries(given)) {
    const dimension = Object.hasOwn(space, name) ? space[name] : undefined
    const place = `${path}.${name}`
    if (dimension === undefined) {
      throw new Fault('PARAM_INVALID', `there is no parameter ${name}`, {
        place,
        fix: `give one of ${namesOf(space).join(', ')}`,
      })
    }
    if (fits(dimension, value)) continue
    throw new Fault('PARAM_INVALID', `${JSON.stringify(value)} is not allowed here`, {
      place,
      fix: `give ${allowedOf(dimension)}`,
    })
  }
}

/** @throws Fault `PARAM_INVALID` for a dimension that holds nothing */
export function checkSpace(space: Space, path: string): void {
  if (namesOf(space).length === 0) throw new Fault('PARAM_INVALID', 'the space has no dimension', { place: path })
  for (const [name, dimension] of Object.entries(space)) {
    const good =
      dimension.kind === 'choice'
        ? dimension.of.length > 0
        : dimension.low <= dimension.high &&
          (dimension.log !== true || dimension.low > 0) &&
          (dimension.kind === 'real' || (Number.isInteger(dimension.low) && Number.isInteger(dimension.high)))
    if (good) continue
    throw new Fault('PARAM_INVALID', `the range of ${name} holds nothing`, {
      place: `${path}.${name}`,
      fix: 'give low <= high, whole numbers for whole ones, and a low above 0 for log ones',
    })
  }
}
