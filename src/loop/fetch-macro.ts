// Economic series from their archive into the store, each with every value that ever stood and the day from which it did (DATA-03).

import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { revisionsOf, type VintageRow } from '../data/macro.ts'
import type { MacroVersion } from '../data/macro-store.ts'
import type { MacroVendor } from '../data/macro-vendor.ts'
import { laggedRevisions } from '../data/publication-lag.ts'
import { dayLabel, labelDay } from '../market/calendars/zone.ts'
import type { Ports, State } from './ports.ts'

/** Vintages asked for at once; the archive refuses more than 2,000. */
const WINDOW = 1000
const END_OF_TIME = '9999-12-31'

export type FetchMacroRequest = {
  readonly series: readonly string[]
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number, text: string) => void
}

export type FetchedMacro = {
  readonly stored: readonly MacroVersion[]
  /** What could not be had; the others are stored nevertheless. */
  readonly failed: readonly { readonly id: string; readonly fault: Fault }[]
}

/** A fault of one series is told and does not keep the others; only an abort ends all. */
export async function fetchMacro(
  { series, signal, onProgress }: FetchMacroRequest,
  vendor: MacroVendor,
  { macro }: Pick<State, 'macro'>,
  { clock }: Pick<Ports, 'clock'>,
): Promise<FetchedMacro> {
  const stored: MacroVersion[] = []
  const failed: { id: string; fault: Fault }[] = []
  for (const [index, id] of series.entries()) {
    signal.throwIfAborted()
    onProgress(index / series.length, `${id} (${index + 1} of ${series.length})`)
    try {
      stored.push(await fetchOne(id, vendor, { macro }, clock.now(), signal))
    } catch (fault) {
      signal.throwIfAborted()
      if (!(fault instanceof Fault)) throw fault
      failed.push({ id, fault })
    }
  }
  return { stored, failed }
}

async function fetchOne(
  id: string,
  vendor: MacroVendor,
  { macro }: Pick<State, 'macro'>,
  polledAt: number,
  signal: AbortSignal,
): Promise<MacroVersion> {
  const facts = await vendor.series(id, signal)
  const days = await vendor.vintageDates(id, signal)
  // One vintage is today's and says nothing about when the others came.
  const vintages = days.length >= 2
  const rows: VintageRow[] = []
  const hashes: string[] = []
  for (let first = 0; first < (vintages ? days.length : 1); first += WINDOW) {
    const next = days[first + WINDOW]
    const to = next === undefined ? END_OF_TIME : dayLabel(labelDay(next) - 1)
    const found = await vendor.observations(id, vintages ? { from: days[first]!, to } : undefined, signal)
    for (const row of found.rows) rows.push(row)
    hashes.push(...found.hashes)
  }
  if (rows.length === 0) {
    throw new Fault('DATA_EMPTY', `the archive has no value of ${id}`, { place: id, fix: 'check the id of the series' })
  }
  const revisions = vintages ? revisionsOf(rows) : laggedRevisions(facts, rows)
  const path = vintages
    ? `${vendor.source}:${id}, every vintage`
    : `${vendor.source}:${id}, newest values behind their lag`
  return macro.save(
    { ...facts, source: vendor.source, provenance: 'real', vintages, revisions },
    { polledAt, lineage: { path, sha256: sha256(hashes.join('\n')) } },
  )
}
