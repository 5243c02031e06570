// One pass from a source to a booted slot, judged on the bars that this bot holds; these are read only when a gate asks for them.

import { highWaterFile } from '../release/high-water.ts'
import type { Keyring } from '../release/keyring.ts'
import type { ReleaseSource } from '../release/source.ts'
import type { Installation } from '../serving/installation.ts'
import type { ModelSet } from '../serving/model-set.ts'
import { statePaths } from '../serving/paths.ts'
import { CHAMPION_AGE_MS, isRefresh } from '../serving/refresh.ts'
import type { TrialOptions } from '../serving/try-candidate.ts'
import { type SyncResult, type UpdateOptions, updateOnce } from '../serving/updater.ts'
import type { CandidateBook } from '../trading/candidates.ts'
import { gateEvidence } from './gate-evidence.ts'
import { schemaWithoutBars } from './gates-without-bars.ts'
import type { Market } from './import-series.ts'
import { gateLimits, replayLimits } from './limits-of.ts'
import { type LookAct, lookAct } from './look-act.ts'
import { policyOf } from './policy-of.ts'
import type { Ports, State } from './ports.ts'
import { withNews } from './read-news.ts'
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
    ...onStoredBars({ symbol, actor: 'sync', act: digest => `sync-${digest}` }, state, ports),
    onSigned,
    signal,
  })
}

type Holdings = { readonly market: Market; readonly book: Pick<CandidateBook, 'table' | 'schema'> }

async function holdingsOf(symbol: string | undefined, state: State, ports: Ports): Promise<Holdings | undefined> {
  const stored = await storedMarket(state, symbol, ports)
  if (stored === undefined) return undefined
  const { market } = await withNews(stored, state.directory, ports)
  return { market, book: rowsOf(market, ports) }
}

export type StoredBarsAsk = {
  /** Judged on its stored bars; absent: the bars stored last. */
  readonly symbol?: string | undefined
  /** Who looks, for the ledger. */
  readonly actor: string
  /** Names the look at a manifest digest for ever: judged again under this name, it is the same look. */
  readonly act: (digest: string) => string
}

/** What the gates of one pass are asked with, and the ledger that counts each look (LEDGER-04). */
export function onStoredBars(
  { symbol: wanted, actor, act }: StoredBarsAsk,
  state: State,
  ports: Ports,
): Pick<TrialOptions, 'gateContext' | 'onJudged'> {
  const { settings, clock } = ports
  let asked: Promise<Holdings | undefined> | undefined
  let look: LookAct | undefined
  return {
    onJudged: async report => look?.enter(report),
    async gateContext(release, candidate, champion) {
      // Once for all candidates of the pass.
      asked ??= holdingsOf(wanted, state, ports)
      const holdings = await asked
      const { symbols, profile } = release.manifest.audience
      const symbol = symbols[0] ?? ''
      const old = ({ windows }: Pick<ModelSet, 'windows'>) => clock.now() - windows.dataEnd > CHAMPION_AGE_MS
      const refresh = isRefresh(candidate, champion, old)
      const shared = { release, candidate, champion, profile, symbol, refresh, limits: gateLimits(settings) }
      look = undefined
      if (holdings === undefined || holdings.market.series.symbol !== symbol) {
        return { ...shared, features: schemaWithoutBars(candidate) }
      }
      const { market, book } = holdings
      const { series, instrument, calendar } = market
      const name = act(release.manifestSha256)
      look = lookAct({ name, actor, scope: null }, { market, ports, ledger: state.ledger })
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
      return { ...shared, ...evidence, level: await look.level(), features: book.schema }
    },
  }
}
