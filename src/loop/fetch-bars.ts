// From a vendor to a stored, pinned series: fetched page by page, resumed where it stopped, and put through the same checks as a file.

import { canonicalJson } from '../base/canonical-json.ts'
import { ensureDirectory } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { importBars } from '../data/import.ts'
import type { RawRow, RowSource } from '../data/rows.ts'
import type { BarVendor, VendorBar, VendorHealth } from '../data/vendor.ts'
import { DAY_MS, isDaily } from '../market/bar.ts'
import { calendarOf } from '../market/calendars/index.ts'
import { dayLabel } from '../market/calendars/zone.ts'
import { instrumentsOf } from '../market/declared-instrument.ts'
import { type CalendarName, knownInstrument } from '../market/instrument.ts'
import { fetchStage } from './fetch-stage.ts'
import { type Market, seriesInUse, storeSeries } from './import-series.ts'
import type { Ports, State } from './ports.ts'

export type FetchBarsRequest = {
  readonly symbol: string
  readonly barMs: number
  /** ms UTC at midnight. */
  readonly from: number
  /** Exclusive; bars that are not finished yet are left out. */
  readonly to: number
  readonly adjusted: boolean
  readonly calendar?: CalendarName | undefined
  readonly maxBad?: number | undefined
  /** Begins the series anew instead of adding to the one in use. */
  readonly replace?: boolean | undefined
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number, text: string) => void
}

export type FetchedSeries = {
  readonly market: Market
  readonly health: VendorHealth
  readonly pages: number
  /** Of them, those that an earlier fetch had brought. */
  readonly resumedPages: number
  /** Outside of the exchange's session: told, and not stored. */
  readonly outsideSession: number
}

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume']

/** Where a vendor's spelling says which market it is. */
function calendarName(symbol: string): CalendarName | undefined {
  if (symbol.startsWith('X:')) return '24x7'
  if (symbol.startsWith('C:')) return 'fx'
  return symbol.includes(':') ? undefined : 'nyse'
}

/** Faults: `DATA_SYMBOL_AMBIGUOUS`, `DATA_RANGE`. */
function checked(request: FetchBarsRequest, now: number): { readonly to: number; readonly name?: CalendarName } {
  const { symbol, barMs, from } = request
  const namesake = knownInstrument(symbol)
  if (namesake !== undefined) {
    const what = namesake.kind === 'future' ? 'a future' : 'an index'
    throw new Fault('DATA_SYMBOL_AMBIGUOUS', `${symbol} is ${what} here and a share at this vendor`, {
      place: '--symbol',
      fix:
        namesake.kind === 'future'
          ? 'import bars of its contracts from a file: ratchet data import FILE --contract ESZ5'
          : `name the index as the vendor does, e.g. I:${symbol}`,
    })
  }
  const name = request.calendar ?? calendarName(symbol)
  let { to } = request
  if (isDaily(barMs)) {
    const calendar = calendarOf(name ?? 'nyse')
    while (to > from && calendar.sessionClose(dayLabel(to / DAY_MS - 1)) > now) to -= DAY_MS
  } else to = Math.min(to, Math.floor(now / barMs) * barMs)
  if (to > from) return name === undefined ? { to } : { to, name }
  throw new Fault('DATA_RANGE', 'no bar of this range is finished yet, or it ends before it begins', {
    place: '--from',
    fix: 'give an earlier --from or a later --to',
  })
}

function rowSource(name: string, bars: readonly VendorBar[], daily: boolean): RowSource {
  return {
    name,
    columns: COLUMNS,
    async *rows(): AsyncIterable<RawRow> {
      for (const [index, { time, open, high, low, close, volume }] of bars.entries()) {
        const text = new Date(time).toISOString()
        const numbers = [open, high, low, close, volume].map(String)
        yield { line: index + 2, cells: [daily ? text.slice(0, 10) : text, ...numbers] }
      }
    },
  }
}

/**
 * The series in use, which a refetch corrects. Adjusted prices are of one moment and never mixed. Fault: `DATA_SOURCE_MIXED`.
 */
async function storedBefore(
  { symbol, barMs, adjusted, replace = false }: FetchBarsRequest,
  { source }: BarVendor,
  state: State,
) {
  if (replace) return undefined
  const stored = await seriesInUse({ symbol, barMs }, { source, provenance: 'real' }, state)
  if (stored?.dataSet === undefined || adjusted) return undefined
  const { lineage } = JSON.parse(stored.dataSet.report) as Market['report']
  return lineage?.adjusted === false ? state.bars.load(stored.snapshot) : undefined
}

/**
 * Faults: `DATA_SYMBOL_AMBIGUOUS`, `DATA_RANGE`, `DATA_EMPTY`, `DATA_SOURCE_MIXED`, `LOCK_BUSY`, those of the vendor and of `importBars`. What came before a
 * fault of the vendor is kept, and the same request goes on from there; stored series are as they were.
 */
export async function fetchBars(
  request: FetchBarsRequest,
  vendor: BarVendor,
  state: State,
  ports: Ports,
): Promise<FetchedSeries> {
  const { symbol, barMs, from, adjusted } = request
  const now = ports.clock.now()
  const { to, name } = checked(request, now)
  // Adjusted prices of two days may know of different splits.
  const day = adjusted ? dayLabel(Math.floor(now / DAY_MS)) : null
  const identity = { source: vendor.source, symbol, barMs, from, to: request.to, adjusted, day }
  const root = `${state.directory}/data/fetch`
  await ensureDirectory(ports.disk, root)
  // One at a time, for the vendor's limit holds for all of them together.
  return ports.withLock(`${root}/${vendor.source}.lock`, async () => {
    const stage = fetchStage(ports.disk, `${root}/${sha256(canonicalJson(identity)).slice(0, 16)}`)
    const pages = await fetchPages({ ...request, to }, vendor, stage)
    try {
      const stored = await checkAndStore({ ...request, to, calendar: name }, pages, vendor, state, ports)
      await stage.clear()
      return { ...stored, health: vendor.health(), pages: pages.hashes.length, resumedPages: pages.resumedPages }
    } catch (cause) {
      // What the checks refuse would be refused again: the next fetch asks anew.
      if (cause instanceof Fault && cause.code.startsWith('DATA_')) await stage.clear()
      throw cause
    }
  })
}

async function checkAndStore(
  request: FetchBarsRequest,
  { bars, hashes }: { readonly bars: readonly VendorBar[]; readonly hashes: readonly string[] },
  vendor: BarVendor,
  state: State,
  ports: Ports,
): Promise<Pick<FetchedSeries, 'market' | 'outsideSession'>> {
  const { symbol, barMs, from, to, adjusted, calendar } = request
  const session = calendar === 'nyse' && !isDaily(barMs) ? calendarOf(calendar) : undefined
  const kept = session === undefined ? bars : bars.filter(({ time }) => session.at(time + barMs - 1).open)
  const days = [from, to - 1].map(time => dayLabel(Math.floor(time / DAY_MS)))
  const asked = `${vendor.source}:${symbol} ${barMs} ms, ${days.join(' to ')}`
  if (kept.length === 0) {
    throw new Fault('DATA_EMPTY', `the vendor has no bars of ${symbol} in this range`, {
      place: asked,
      fix: 'check the symbol, the dates and what your plan includes',
    })
  }
  const before = await storedBefore(request, vendor, state)
  const path = before === undefined ? asked : `${asked}, added to snapshot ${before.snapshotId}`
  const now = ports.clock.now()
  const { maxBadRowShare, maxGapShare } = ports.settings.data
  const imported = await importBars(rowSource(path, [...(before?.bars ?? []), ...kept], isDaily(barMs)), {
    symbol,
    barMs,
    calendar,
    maxBad: request.maxBad ?? maxBadRowShare,
    maxGapShare,
    declared: instrumentsOf(ports.settings.instruments),
    now,
    fileSha256: sha256(hashes.join('\n')),
  })
  const outsideSession = bars.length - kept.length
  const notes = [
    ...(outsideSession > 0 ? [`${outsideSession} bars outside of the regular session were left out`] : []),
    ...(adjusted ? ['adjusted prices know of splits that came later: use their returns, never their level'] : []),
  ]
  const { fileSha256, warnings } = imported.report
  const lineage = { path, fetchedAt: new Date(now).toISOString(), sha256: fileSha256, adjusted }
  const report = { ...imported.report, warnings: [...warnings, ...notes], lineage }
  const store = { file: asked, source: vendor.source, provenance: 'real', report, head: true } as const
  return { market: await storeSeries(imported, store, state, ports), outsideSession }
}

async function fetchPages(request: FetchBarsRequest, vendor: BarVendor, stage: ReturnType<typeof fetchStage>) {
  const { symbol, barMs, from, to, adjusted, signal, onProgress } = request
  const staged = await stage.pages()
  const bars = staged.flatMap(page => page.bars)
  const hashes = staged.map(page => page.sha256)
  const resumedPages = staged.length
  let through = staged.at(-1)?.through ?? from
  const tell = () => {
    const day = dayLabel(Math.floor((through - 1) / DAY_MS))
    onProgress((through - from) / (to - from), `${symbol} to ${day}, ${hashes.length} pages, ${bars.length} bars`)
  }
  if (resumedPages > 0) tell()
  if (through >= to) return { bars, hashes, resumedPages }
  for await (const page of vendor.pages({ symbol, barMs, from: through, to, adjusted }, signal)) {
    signal.throwIfAborted()
    const newest = page.bars.reduce((latest, { time }) => Math.max(latest, time + barMs), through)
    through = page.last ? to : newest
    await stage.append(hashes.length, { through, sha256: page.sha256, bars: page.bars })
    bars.push(...page.bars)
    hashes.push(page.sha256)
    tell()
  }
  return { bars, hashes, resumedPages }
}
