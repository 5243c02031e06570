// One pass from a source to a booted slot, judged on the bars that this bot holds; these are read only when a gate asks for them.

import type { Outcome } from '../base/fault.ts'
import { highWaterFile } from '../release/high-water.ts'
import type { Keyring } from '../release/keyring.ts'
import type { VerifiedRelease } from '../release/release.ts'
import type { ReleaseSource } from '../release/source.ts'
import type { GateContext } from '../serving/gates/gate.ts'
import type { Installation } from '../serving/installation.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { statePaths } from '../serving/paths.ts'
import { type SyncResult, type UpdateOptions, updateOnce } from '../serving/updater.ts'
import type { CandidateBook } from '../trading/candidates.ts'
import { gateEvidence } from './gate-evidence.ts'
import { schemaWithoutBars } from './gates-without-bars.ts'
import type { Market } from './import-series.ts'
import { gateLimits, replayLimits } from './limits-of.ts'
import { policyOf } from './policy-of.ts'
import type { Ports, State } from './ports.ts'
import { rowsOf } from './series-rows.ts'
import { storedMarket } from './stored-market.ts'

export type SyncPassRequest = {
  readonly source: ReleaseSource
  readonly ring: Keyring
  /** Accept releases for this symbol only, and judge them on its stored bars. Without: the bars stored last. */
  readonly symbol?: string | undefined
  /** Where the pass before this one stopped reading. */
  readonly cursor?: string | undefined
  readonly installation: Installation
  readonly onSigned?: UpdateOptions['onSigned']
  readonly signal: AbortSignal
}

/** Never throws for what a source, a release, the disk or the registry does; an aborted signal throws. */
export function syncPass(request: SyncPassRequest, state: State, ports: Ports): Promise<SyncResult> {
  const { source, ring, symbol, cursor, installation, onSigned, signal } = request
  return updateOnce({
    source,
    cursor,
    policy: policyOf({ profile: 'paper', symbols: symbol === undefined ? [] : [symbol], keys: ring.trusted }, ports),
    memory: highWaterFile(ports.disk, statePaths(state.directory).highWater),
    installation,
    gateContext: storedBarsContext(symbol, state, ports),
    onSigned,
    signal,
  })
}

type Holdings = { readonly market: Market; readonly book: Pick<CandidateBook, 'table' | 'schema'> }

async function holdingsOf(symbol: string | undefined, state: State, ports: Ports): Promise<Holdings | undefined> {
  const market = await storedMarket(state, symbol, ports)
  return market === undefined ? undefined : { market, book: rowsOf(market, ports) }
}

/** What the gates of one pass are asked with: the bars stored last, or those of a symbol. */
export function storedBarsContext(wanted: string | undefined, state: State, ports: Ports) {
  const { settings } = ports
  let asked: Promise<Holdings | undefined> | undefined
  return async (
    release: VerifiedRelease,
    candidate: Outcome<ModelSet>,
    champion: ModelSet | undefined,
  ): Promise<GateContext> => {
    // Once for all candidates of the pass.
    asked ??= holdingsOf(wanted, state, ports)
    const holdings = await asked
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
      limits: replayLimits(settings, symbol),
      capital: settings.backtest.initialCapital,
      seed: settings.training.seed,
      replayBars: settings.gates.replayBars,
      recentRows: settings.gates.sanityVectors,
    }
    const evidence = candidate.ok ? gateEvidence(known, candidate.value, champion) : {}
    return { ...shared, ...evidence, features: book.schema }
  }
}
