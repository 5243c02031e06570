// What a training that a person asks for learns from: a file, the stored contracts of a root, or a stored series.

import { Fault } from '../base/fault.ts'
import { adjustedForTraining } from './adjusted-market.ts'
import { type ContractsRequest, contractsForTraining } from './continuous-market.ts'
import { refuseBlocked } from './data-status.ts'
import { importForTraining, type Market, type SeriesRequest } from './import-series.ts'
import type { Ports, State } from './ports.ts'
import { withNews } from './read-news.ts'
import { storedMarket } from './stored-market.ts'
import { auditLoaded, refuseUnsound } from './stored-series.ts'

/** The series of a symbol that was stored last; of all where no symbol is named. */
export type StoredRequest = { readonly stored: string | undefined }

export type TrainingData = SeriesRequest | ContractsRequest | StoredRequest

async function fromStore({ stored }: StoredRequest, state: State, ports: Ports): Promise<Market> {
  const market = await storedMarket(state, stored, ports)
  if (market === undefined) {
    throw new Fault(
      'DATA_NONE_STORED',
      stored === undefined ? 'no bars are stored' : `no bars of ${stored} are stored`,
      {
        fix: 'import some: ratchet data import FILE --symbol S',
      },
    )
  }
  await refuseBlocked(market.series.source, state)
  refuseUnsound(await auditLoaded(market, state, ports))
  return market
}

function read(data: TrainingData, state: State, ports: Ports): Promise<Market> {
  if ('root' in data) return contractsForTraining(data, state, ports)
  return 'stored' in data ? fromStore(data, state, ports) : importForTraining(data, state, ports)
}

/**
 * @param actions table of splits and dividends of the bars
 * Faults: those of `importForTraining`, `contractsForTraining` and `adjustedForTraining`, `DATA_NONE_STORED`, `DATA_BLOCKED`, `DATA_UNSOUND`.
 */
export async function marketForTraining(
  data: TrainingData,
  actions: string | undefined,
  state: State,
  ports: Ports,
): Promise<Market> {
  const { market } = await withNews(await read(data, state, ports), state.directory, ports)
  return actions === undefined ? market : adjustedForTraining(market, actions, state, ports)
}
