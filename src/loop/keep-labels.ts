// The rows that a training by hand learned from, kept as a file for whoever wants to look at them or learn from them elsewhere (LABEL-06).

import type { LabelFacts } from '../data/label-set.ts'
import { featureSchemaHash } from '../market/feature-schema.ts'
import type { CandidateBook } from '../trading/candidates.ts'
import { buildDataset } from '../training/dataset.ts'
import { labelSet } from '../training/label-set.ts'
import type { DatasetOptions } from '../training/options.ts'
import type { Market } from './import-series.ts'
import { datasetOptions } from './limits-of.ts'
import type { Ports } from './ports.ts'

export type LearnedFrom = {
  readonly market: Pick<Market, 'series'>
  readonly book: Pick<CandidateBook, 'table' | 'schema'>
  readonly asOf: number
  /** Those of the training where they are not the configuration's. */
  readonly options: Partial<DatasetOptions> | undefined
}

/** Writes `data/labels/<hash>.parquet`, unless the same rows lie there already. */
export async function keepLabels(
  { market, book, asOf, options }: LearnedFrom,
  directory: string,
  { disk, settings, writeLabels }: Pick<Ports, 'disk' | 'settings' | 'writeLabels'>,
): Promise<LabelFacts & { readonly file: string }> {
  const { barMs, snapshotId, provenance } = market.series
  const data = buildDataset({ table: book.table, asOf, barMs, options: { ...datasetOptions(settings), ...options } })
  const set = labelSet({ data, snapshotId, provenance, featureSchemaSha256: featureSchemaHash(book.schema) })
  const file = `${directory}/data/labels/${set.facts.sha256.slice(0, 16)}.parquet`
  if ((await disk.stat(file)) === undefined) await writeLabels(file, set)
  return { ...set.facts, file }
}
