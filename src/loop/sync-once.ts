// One pass from a release source to the slot of a state directory (REL-43, SRV-01): what `ratchet sync` does.

import { type Outcome, unwrap } from '../base/fault.ts'
import type { ImportReport } from '../data/report.ts'
import { roleSchema } from '../features/schema.ts'
import { calendarOf } from '../market/calendars/index.ts'
import type { FeatureSchema } from '../market/feature-schema.ts'
import { cashInstrument, knownInstrument } from '../market/instrument.ts'
import { highWaterFile } from '../release/high-water.ts'
import { verifyPolicy } from '../release/policy.ts'
import type { VerifiedRelease } from '../release/release.ts'
import { bootSlot } from '../serving/boot.ts'
import type { GateContext } from '../serving/gates/gate.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { statePaths } from '../serving/paths.ts'
import { modelSlot } from '../serving/slot.ts'
import { type SyncResult, updateOnce } from '../serving/updater.ts'
import type { CandidateBook } from '../trading/candidates.ts'
import { gateEvidence } from './gate-evidence.ts'
import type { Market } from './import-series.ts'
import { installationOf } from './installation-of.ts'
import { gateLimits, replayLimits } from './limits-of.ts'
import type { Ports, State } from './ports.ts'
import { rowsOf } from './series-rows.ts'
import { signingKey } from './signing-key.ts'

export type SyncRequest = {
  /** Folder of a published tree or of one release. */
  readonly source: string
  /** Accept releases for this symbol only, and judge them on its stored bars. Without: the bars stored last. */
  readonly symbol?: string | undefined
  readonly signal: AbortSignal
}

/** The newest stored series (of a symbol), as a market; undefined where this bot holds no bars. */
async function storedMarket({ bars, dataSets }: State, symbol?: string): Promise<Market | undefined> {
  const set = (await dataSets.list()).findLast(found => symbol === undefined || found.symbol === symbol)
  const snapshot = (await bars.list()).find(found => found.snapshotId === set?.hash && found.symbol === set.symbol)
  if (set === undefined || snapshot === undefined) return undefined
  const report = JSON.parse(set.report) as ImportReport
  const known = knownInstrument(set.symbol)
  const instrument = known ?? cashInstrument(set.symbol, report.calendar)
  const excludedDates = new Set(report.excludedDates)
  return {
    series: await bars.load(snapshot),
    instrument,
    calendar: calendarOf(instrument.calendar),
    excludedDates,
    report,
    snapshot,
  }
}

type Holdings = { readonly market: Market; readonly book: Pick<CandidateBook, 'table' | 'schema'> }

/** A bot without bars has no bar length of its own: it compares with its columns at the release's. */
function schemaWithoutBars(candidate: Outcome<ModelSet>): FeatureSchema {
  const columns = candidate.ok ? candidate.value.features['meta'] : undefined
  const barMs = Number(columns?.[0]?.parameters['barMs'])
  const volume = columns?.find(({ name }) => name === 'volume')
  const instrument = cashInstrument('', '24x7')
  return roleSchema({ instrument, calendar: calendarOf('24x7'), barMs }, { hasVolume: volume?.missing !== 'neutral' })
}

function contextOf(holdings: Holdings | undefined, ports: Ports) {
  const { settings } = ports
  return (release: VerifiedRelease, candidate: Outcome<ModelSet>, champion: ModelSet | undefined): GateContext => {
    const { symbols, profile } = release.manifest.audience
    const symbol = symbols[0] ?? ''
    const shared = { release, candidate, champion, profile, symbol, limits: gateLimits(settings) }
    if (holdings === undefined || holdings.market.series.symbol !== symbol) {
      return { ...shared, features: schemaWithoutBars(candidate) }
    }
    const { market, book } = holdings
    const { series, instrument, calendar } = market
    const known = {
      table: book.table,
      bars: series.bars,
      instrument,
      calendar,
      barMs: series.barMs,
      hasVolume: series.hasVolume,
      limits: replayLimits(settings, symbol, series.bars.length),
      capital: settings.backtest.initialCapital,
      seed: settings.training.seed,
      replayBars: settings.gates.replayBars,
      recentRows: settings.gates.sanityVectors,
    }
    const evidence = candidate.ok ? gateEvidence(known, candidate.value, champion) : {}
    return { ...shared, ...evidence, features: book.schema }
  }
}

/**
 * Boots the slot from disk, then polls, verifies, gates and installs. Refusals are in the result; the set in charge stays.
 *
 * Faults: `INSTALL_BUSY` where another process writes, `KEY_…`, and those of a state directory that cannot be read.
 */
export async function syncOnce(
  { source, symbol, signal }: SyncRequest,
  state: State,
  ports: Ports,
): Promise<SyncResult> {
  const slot = modelSlot()
  const installation = installationOf({ state, ports, slot, clock: ports.clock, actor: 'sync' })
  const key = await signingKey(state.directory, ports)
  const booted = unwrap(await bootSlot(installation))
  const market = await storedMarket(state, symbol)
  const holdings = market === undefined ? undefined : { market, book: rowsOf(market, ports) }
  const result = await updateOnce({
    source: ports.source(source),
    policy: verifyPolicy({
      profile: 'paper',
      channel: ports.settings.release.channel,
      symbols: symbol === undefined ? [] : [symbol],
      keys: [key],
    }),
    memory: highWaterFile(ports.disk, statePaths(state.directory).highWater),
    installation,
    gateContext: contextOf(holdings, ports),
    signal,
  })
  await booted.healthy()
  return result
}
