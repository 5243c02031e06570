// Which model decided from where to where: neighbouring bars of one release are one band.

export type Band = {
  /** Release id, or `baseline`. */
  readonly releaseId: string
  /** Index of the first and of the last bar, both included. */
  readonly from: number
  readonly to: number
}

type Decided = { readonly index: number; readonly releaseId: string | null }

/** Bars whose decider is not known yet belong to no band. @param bars oldest first */
export function bandsOf(bars: readonly Decided[]): Band[] {
  const bands: Band[] = []
  for (const { index, releaseId } of bars) addToBands(bands, index, releaseId)
  return bands
}

/** Carries the bands on by one bar, in place. */
export function addToBands(bands: Band[], index: number, releaseId: string | null): void {
  if (releaseId === null) return
  const last = bands.at(-1)
  if (last !== undefined && last.releaseId === releaseId && last.to === index - 1) {
    bands[bands.length - 1] = { ...last, to: index }
  } else bands.push({ releaseId, from: index, to: index })
}

const COLORS = 8

/** A look for each release, always the same in one run: eight colours, then the same with another hatching. The baseline has none. */
export function lookOf(order: ReadonlyMap<string, number>, releaseId: string): { color: number; hatch: number } | null {
  const at = order.get(releaseId)
  if (releaseId === 'baseline' || at === undefined) return null
  return { color: (at % COLORS) + 1, hatch: Math.floor(at / COLORS) % 3 }
}
