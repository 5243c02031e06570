// What a run is set up with: instruments, data sets, limits and configuration.

import type { DataSet } from '../../data/data-sets.ts'
import { instrumentsOf } from '../../market/declared-instrument.ts'
import { FUTURES, type Instrument, SPX } from '../../market/instrument.ts'
import { configurationOf, findRun } from './run-view.ts'
import type { ViewPorts } from './view-ports.ts'

export type InstrumentView = Pick<
  Instrument,
  'symbol' | 'kind' | 'calendar' | 'currency' | 'step' | 'pointValue' | 'commissionPerSide' | 'family'
> & { tickSize: number | null; maxPosition: number | null; minSlippage: { rth: number; eth: number } }

export type DataSetView = Pick<
  DataSet,
  'hash' | 'symbol' | 'barMs' | 'firstTime' | 'lastTime' | 'rows' | 'provenance' | 'source' | 'createdAt'
>

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export type ConfigurationView = { runId: string; snapshot: string; configuration: Json }

/** Built-in ones, and those that the newest run was given. */
export async function instrumentsView(ports: Pick<ViewPorts, 'records'>): Promise<InstrumentView[]> {
  const run = await findRun(undefined, ports)
  const declared = run === undefined ? [] : ((await configurationOf(run, ports)).instruments ?? [])
  return [...FUTURES, SPX, ...instrumentsOf(declared)].map(instrument => {
    const { symbol, kind, calendar, currency, step, pointValue, commissionPerSide, family } = instrument
    const { tickSize = null, maxPosition = null, minSlippage } = instrument
    const own = { symbol, kind, calendar, currency, step, pointValue, commissionPerSide, family }
    return { ...own, tickSize, maxPosition, minSlippage: { rth: minSlippage.rth, eth: minSlippage.eth } }
  })
}

/** Without the file's place on this disk. */
export async function dataSetsView({ dataSets }: Pick<ViewPorts, 'dataSets'>): Promise<DataSetView[]> {
  return (await dataSets.list()).map(
    ({ hash, symbol, barMs, firstTime, lastTime, rows, provenance, source, createdAt }) => ({
      hash,
      symbol,
      barMs,
      firstTime,
      lastTime,
      rows,
      provenance,
      source,
      createdAt,
    }),
  )
}

/** Limits of the account in the newest run, by the names of their keys. */
export async function limitsView(ports: Pick<ViewPorts, 'records'>): Promise<Record<string, number>> {
  const run = await findRun(undefined, ports)
  if (run === undefined) return {}
  const { tradingBot } = await configurationOf(run, ports)
  return Object.fromEntries(
    Object.entries(tradingBot ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  )
}

/** Secrets are never part of a configuration; a name and password that somebody wrote into an address are left out. */
const withoutUsers = (value: Json): Json => {
  if (typeof value === 'string') return value.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1')
  if (Array.isArray(value)) return value.map(withoutUsers)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, withoutUsers(own)]))
}

/** What the newest run was started with; null before the first. */
export async function configurationView({ records }: Pick<ViewPorts, 'records'>): Promise<ConfigurationView | null> {
  const run = await findRun(undefined, { records })
  if (run === undefined) return null
  const body = (await records.configuration(run.configSnapshot)) ?? '{}'
  return { runId: run.runId, snapshot: run.configSnapshot, configuration: withoutUsers(JSON.parse(body) as Json) }
}
