// The sizer through the folds of the walk-forward, and the one that ships: size 1 where a fitted one is not worth its risk (RL-07).

import { Fault } from '../../base/fault.ts'
import type { Rng } from '../../base/rng.ts'
import type { FeatureColumn } from '../../market/feature-schema.ts'
import { sizerWorth } from '../../models/rl/sizer-worth.ts'
import type { Watch } from '../../models/watch.ts'
import type { Dataset } from '../dataset.ts'
import type { Statistics } from '../metrics/interval.ts'
import { sizerStatistics } from '../metrics/sizer.ts'
import type { SizerRoleOptions } from '../options.ts'
import type { SeriesFacts } from '../run.ts'
import type { RoleModel } from './role-model.ts'
import { constantSizerRole, fitSizerRole, type SizerTrades, sizerTrades } from './sizer.ts'

export type WalkSizerInput = {
  readonly data: Dataset
  readonly series: Pick<SeriesFacts, 'step' | 'sessionOf'>
  readonly columns: readonly FeatureColumn[]
  readonly options: SizerRoleOptions
  readonly rng: Rng
  readonly watch?: Watch | undefined
}

export type WalkedSizer = {
  /** Fitted on the fit part, or the constant: what ships. */
  readonly model: RoleModel
  readonly fit: SizerTrades
  readonly holdout: SizerTrades
  /** Sizes of the holdout trades. */
  readonly sizes: Float32Array
  /** Fitted on the last fold's training part, with the trades it has not seen; undefined where there were too few to learn from. */
  readonly lastFold: { readonly model: RoleModel; readonly validate: SizerTrades } | undefined
  /** Empty of figures where a fold has too few trades to learn from. */
  readonly folds: readonly Statistics[]
}

/** The sizer of one fold; undefined where its trades cannot be learned from. */
function fitFold(input: Parameters<typeof fitSizerRole>[0]): RoleModel | undefined {
  try {
    return fitSizerRole(input)
  } catch (cause) {
    if (cause instanceof Fault && ['TOO_FEW_ROWS', 'DEGENERATE_INPUT'].includes(cause.code)) return undefined
    throw cause
  }
}

/**
 * @param watched what ships is fitted under its `watch`, the folds are not
 * @param onFit awaited after each fit, for progress and cancelling
 */
export async function walkSizer(watched: WalkSizerInput, onFit: () => Promise<void>): Promise<WalkedSizer> {
  const { data, series, columns, options, rng, watch } = watched
  const { step, sessionOf } = series
  const { drawdownLimitR } = options
  const trades = (events: Int32Array) => sizerTrades({ data, events, step, sessionOf, drawdownLimitR })
  const folds: Statistics[] = []
  let lastFold: WalkedSizer['lastFold']
  for (const [fold, part] of data.split.folds.entries()) {
    const model = fitFold({ trades: trades(part.train), columns, options, rng: rng.fork(`fold ${fold}`) })
    const validate = trades(part.validate)
    lastFold = model && { model, validate }
    const sizes = model?.predict(validate.inputs, validate.r.length)
    folds.push(sizes === undefined ? {} : sizerStatistics(sizes, validate.r))
    await onFit()
  }
  const [fit, holdout] = [trades(data.split.fit), trades(data.split.holdout)]
  const fitted = fitSizerRole({ trades: fit, columns, options, rng, watch })
  await onFit()
  const sizes = fitted.predict(holdout.inputs, holdout.r.length)
  const shared = { fit, holdout, lastFold, folds }
  if (sizerWorth({ sizes, r: holdout.r }).worth) return { ...shared, model: fitted, sizes }
  const model = constantSizerRole({ trades: fit, columns })
  return { ...shared, model, sizes: model.predict(holdout.inputs, holdout.r.length) }
}
