// What a training would learn from, without one: data, labels, splits and floors are all asked, and nothing is fitted (`train --dry-run`).

import { unwrap } from '../base/fault.ts'
import { buildDataset } from '../training/dataset.ts'
import { leakGuard } from './leak-guard.ts'
import { datasetOptions } from './limits-of.ts'
import type { Ports, State } from './ports.ts'
import { rowsOf } from './series-rows.ts'
import { mayTrainByHand } from './skip-reason.ts'
import type { TrainOnceRequest } from './train-once.ts'
import { marketForTraining } from './training-data.ts'

export type TrainingPreview = {
  readonly symbol: string
  readonly snapshotId: string
  readonly provenance: string
  readonly bars: number
  /** Candidate rows that would be kept, and those left out by thinning. */
  readonly rows: number
  readonly thinned: number
  readonly effectiveRows: number
  readonly fired: number
  readonly events: number
  /** Events. */
  readonly fit: number
  readonly holdout: number
  readonly folds: readonly { readonly train: number; readonly validate: number }[]
  readonly classes: readonly string[]
  readonly thin: boolean
  /** Why nothing would be trained now without `--force`; null where it would. */
  readonly skipped: string | null
}

/**
 * Bars of a file are stored, as by a training. Faults: those of `marketForTraining` and `buildDataset` (`TRAIN_TOO_FEW`, `DATASET_EMPTY`),
 * `FEATURE_LEAK`.
 */
export async function previewTraining(
  request: Pick<TrainOnceRequest, 'data' | 'actions' | 'asOf'>,
  state: State,
  ports: Ports,
): Promise<TrainingPreview> {
  const { data, actions, asOf = ports.clock.now() } = request
  const word = await mayTrainByHand(false, state, ports)
  const market = await marketForTraining(data, actions, state, ports)
  const { series } = market
  const { table, schema } = rowsOf(market, ports)
  const fault = leakGuard().faultOf(market, schema, asOf)
  if (fault !== undefined) unwrap({ ok: false, fault })
  const set = buildDataset({ table, asOf, barMs: series.barMs, options: datasetOptions(ports.settings) })
  const { split } = set
  return {
    symbol: series.symbol,
    snapshotId: series.snapshotId,
    provenance: series.provenance,
    bars: series.bars.length,
    rows: set.rows.length,
    thinned: set.thinned,
    effectiveRows: set.effective,
    fired: set.fired,
    events: set.events.count,
    fit: split.fit.length,
    holdout: split.holdout.length,
    folds: split.folds.map(({ train, validate }) => ({ train: train.length, validate: validate.length })),
    classes: set.classes,
    thin: set.thin,
    skipped: word.train ? null : word.reason,
  }
}
