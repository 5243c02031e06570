// Changes of strategy parameters: the newest, those of a strategy, or those inside a window of time.

import type { StoredChange } from '../../serving/parameter-changes.ts'
import type { ViewPorts } from './view-ports.ts'

export type ParameterRequest = {
  readonly strategy?: string | undefined
  /** ms UTC; a window needs both, an open side is the beginning or the end of time. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly limit: number
}

export type ParameterChangeView = {
  seq: number
  at: number
  strategyName: string
  parameterName: string
  oldValue: number | string | boolean | null
  newValue: number | string | boolean | null
  reason: string
  outcomePnl: number | null
  wasCorrect: boolean | null
  marketSnapshotId: string | null
}

const viewOf = ({ outcomePnl, wasCorrect, marketSnapshotId, ...change }: StoredChange): ParameterChangeView => ({
  ...change,
  outcomePnl: outcomePnl ?? null,
  wasCorrect: wasCorrect ?? null,
  marketSnapshotId: marketSnapshotId ?? null,
})

export async function parameterView(
  { strategy, from, to, limit }: ParameterRequest,
  { parameterChanges }: Pick<ViewPorts, 'parameterChanges'>,
): Promise<{ items: ParameterChangeView[] }> {
  if (from === undefined && to === undefined) {
    const found = strategy === undefined ? parameterChanges.newest(limit) : parameterChanges.ofStrategy(strategy, limit)
    return { items: (await found).map(viewOf) }
  }
  const inside = await parameterChanges.within(from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER)
  const wanted = strategy?.toLowerCase()
  const own = inside.filter(change => wanted === undefined || change.strategyName.toLowerCase() === wanted)
  return { items: own.slice(0, limit).map(viewOf) }
}
