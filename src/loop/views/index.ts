// Everything that can be seen of a state directory, as one object for whoever shows it.

import type { Timer } from '../../base/timer.ts'
import type { DecisionOutcome } from '../../trading/decision.ts'
import type { KillSwitch } from '../kill-file.ts'
import { type AlertsRequest, type AlertView, alertsView } from './alert-view.ts'
import { type DecisionView, decisionsView } from './decision-views.ts'
import { type DrillView, drillView } from './drill-view.ts'
import { type Explanation, explanation } from './explain-view.ts'
import { featureValues } from './feature-values.ts'
import {
  type InChargeView,
  inChargeView,
  type SlotEventView,
  type TimelineRequest,
  timelineView,
} from './history-views.ts'
import { type LeaderView, leaderboardView } from './leaderboard-view.ts'
import { type BarsRequest, type BarsView, barsView, type EquityView, equityView } from './market-views.ts'
import type { Page, PageRequest } from './paging.ts'
import { type ParameterChangeView, type ParameterRequest, parameterView } from './parameter-view.ts'
import { type PerformanceView, performanceView } from './performance-view.ts'
import { type PositionView, positionsView } from './position-view.ts'
import { type ReleaseDetail, releaseDetail } from './release-detail.ts'
import { documentShelf } from './release-documents.ts'
import { type ReleasesRequest, type ReleaseView, releasesView } from './release-views.ts'
import { runBars } from './run-bars.ts'
import { findRun, type RunView, runsView } from './run-view.ts'
import {
  type ConfigurationView,
  configurationView,
  type DataSetView,
  dataSetsView,
  type InstrumentView,
  instrumentsView,
  limitsView,
} from './setup-views.ts'
import { type StatusView, statusView } from './status-view.ts'
import {
  type FillView,
  fillsView,
  type OrderView,
  ordersView,
  type RoleRequest,
  type TradesRequest,
  type TradeView,
  tradesView,
} from './trade-views.ts'
import { trainingShelf } from './training-told.ts'
import {
  type TrainingDetail,
  type TrainingNowView,
  type TrainingsRequest,
  type TrainingView,
  trainingDetail,
  trainingsView,
} from './training-views.ts'
import type { ViewPorts } from './view-ports.ts'

export type ReleasesOfRun = Omit<ReleasesRequest, 'channel'> & { readonly run?: string | undefined }

/** Questions about a run mean the newest one where they name none. */
export interface Views {
  status(): Promise<StatusView>
  runs(request: Parameters<typeof runsView>[0]): Promise<Page<RunView>>
  bars(request: BarsRequest): Promise<BarsView>
  equity(run: string | undefined, points: number): Promise<EquityView>
  decisions(request: PageRequest & { readonly outcome?: DecisionOutcome | undefined }): Promise<Page<DecisionView>>
  explain(seq: number, run: string | undefined): Promise<Explanation>
  orders(request: RoleRequest): Promise<Page<OrderView>>
  fills(request: RoleRequest): Promise<Page<FillView>>
  trades(request: TradesRequest): Promise<Page<TradeView>>
  /** `run`: its releases only; absent: all that are known. */
  releases(request: ReleasesOfRun): Promise<Page<ReleaseView>>
  release(name: string): Promise<ReleaseDetail>
  timeline(request: TimelineRequest): Promise<Page<SlotEventView> & { verified: boolean }>
  inCharge(at: number): Promise<InChargeView>
  trainings(request: TrainingsRequest): Promise<Page<TrainingView> & { now: TrainingNowView | null }>
  training(trainingId: string): Promise<TrainingDetail>
  parameters(request: ParameterRequest): Promise<{ items: ParameterChangeView[] }>
  alerts(request: AlertsRequest): Promise<Page<AlertView>>
  drills(): Promise<DrillView>
  positions(run: string | undefined): Promise<PositionView[]>
  leaderboard(run: string | undefined): Promise<LeaderView[]>
  instruments(): Promise<InstrumentView[]>
  dataSets(): Promise<DataSetView[]>
  limits(): Promise<Record<string, number>>
  configuration(): Promise<ConfigurationView | null>
  /** Of the newest run. @param least scored entries; fewer give no figure */
  performance(least: number): Promise<PerformanceView>
}

/** @example (await views({ ports, kill, timer }).status()).mode // 'PAPER' */
export function views({
  ports,
  kill,
  timer,
}: {
  readonly ports: ViewPorts
  readonly kill: Pick<KillSwitch, 'pulled'>
  readonly timer: Timer
}): Views {
  const shelf = documentShelf(ports.registry)
  const told = trainingShelf(ports.records)
  const series = runBars(ports)
  const features = featureValues(series, timer, ports)
  return {
    status: () => statusView(shelf, kill, ports),
    runs: request => runsView(request, ports),
    bars: request => barsView(request, series, ports),
    equity: (run, points) => equityView(run, points, series, ports),
    decisions: request => decisionsView(request, ports),
    explain: (seq, run) => explanation(seq, run, { shelf, features }, ports),
    orders: request => ordersView(request, ports),
    fills: request => fillsView(request, ports),
    trades: request => tradesView(request, ports),
    async releases({ run, ...request }) {
      const channel = run === undefined ? undefined : (await findRun(run, ports))?.channel
      return releasesView({ ...request, channel }, shelf, ports)
    },
    release: name => releaseDetail(name, shelf, ports),
    timeline: request => timelineView(request, ports),
    inCharge: at => inChargeView(at, ports),
    trainings: request => trainingsView(request, told, ports),
    training: trainingId => trainingDetail(trainingId, { documents: shelf, trainings: told }, ports),
    parameters: request => parameterView(request, ports),
    alerts: request => alertsView(request, ports),
    drills: () => drillView(ports),
    positions: run => positionsView(run, ports),
    leaderboard: run => leaderboardView(run, shelf, ports),
    instruments: () => instrumentsView(ports),
    dataSets: () => dataSetsView(ports),
    limits: () => limitsView(ports),
    configuration: () => configurationView(ports),
    performance: least => performanceView(least, ports),
  }
}
