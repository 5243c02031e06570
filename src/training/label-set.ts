// The labelled rows that a training learns from, as a data set of its own: what it holds, its hash, and its rows for whoever keeps it (LABEL-06).

import { sha256 } from '../base/hash.ts'
import type { LabelColumn, LabelSet } from '../data/label-set.ts'
import { FEATURE_NAMES } from '../market/roles.ts'
import { type CandidateTable, FEATURE_COUNT, ROW_REGIMES, SESSIONS } from '../trading/candidate-table.ts'
import { signalId } from '../trading/table-rows.ts'
import type { Dataset } from './dataset.ts'

export type LabelInput = {
  readonly data: Pick<Dataset, 'table' | 'rows' | 'weight' | 'classes' | 'events'>
  readonly snapshotId: string
  readonly featureSchemaSha256: string
  readonly provenance: string
}

/** Class -> events. */
export function classCounts({ classes, events }: Pick<Dataset, 'classes' | 'events'>): Record<string, number> {
  return Object.fromEntries(
    classes.map((name, label) => [name, events.label.reduce((sum, own) => sum + (own === label ? 1 : 0), 0)]),
  )
}

const featureColumns = (table: CandidateTable): LabelColumn[] =>
  FEATURE_NAMES.map((name, column) => ({
    name,
    kind: 'number',
    cell: row => table.features[row * FEATURE_COUNT + column]!,
  }))

function columnsOf({ data, featureSchemaSha256, provenance }: LabelInput): readonly LabelColumn[] {
  const { table, weight } = data
  const number = (name: string, cell: LabelColumn['cell']): LabelColumn => ({ name, kind: 'number', cell })
  return [
    { name: 'signal_id', kind: 'text', cell: row => signalId(table, row, featureSchemaSha256) },
    { name: 'symbol', kind: 'text', cell: () => table.symbol },
    { name: 'time', kind: 'time', cell: row => table.time[row]! },
    { name: 'strategy', kind: 'text', cell: row => table.strategies[table.strategy[row]!]! },
    number('direction', row => table.direction[row]!),
    { name: 'session', kind: 'text', cell: row => SESSIONS[table.session[row]!]! },
    { name: 'regime', kind: 'text', cell: row => ROW_REGIMES[table.regime[row]!]! },
    { name: 'fired', kind: 'flag', cell: row => table.fired[row] === 1 },
    ...featureColumns(table),
    number('feature_mask', row => table.mask[row]!),
    number('baseline_multiplier', row => table.baselineMultiplier[row]!),
    number('signal_atr', row => table.atr[row]!),
    number('entry', row => table.entry[row]!),
    number('stop', row => table.stop[row]!),
    number('target', row => table.target[row]!),
    { name: 'label_win', kind: 'flag', cell: row => table.win[row] === 1 },
    number('r', row => table.r[row]!),
    number('slip_ticks', row => table.slip[row]!),
    { name: 'label_end', kind: 'time', cell: row => table.labelEnd[row]! },
    number('weight', (_, at) => weight[at]!),
    { name: 'schema_hash', kind: 'text', cell: () => featureSchemaSha256 },
    { name: 'provenance', kind: 'text', cell: () => provenance },
  ]
}

/** Text follows from the numbers of a row, of its table and of its schema: those stand in the hash instead. */
function hashOf(
  { data, snapshotId, featureSchemaSha256, provenance }: LabelInput,
  columns: readonly LabelColumn[],
): string {
  const { table, rows } = data
  const numbers = columns.filter(({ kind }) => kind !== 'text')
  const coded = [table.strategy, table.session, table.regime]
  const parts = [
    ...numbers.map(({ cell }) => Float64Array.from(rows, (row, at) => Number(cell(row, at)))),
    ...coded.map(code => Float64Array.from(rows, row => code[row]!)),
  ].map(part => sha256(new Uint8Array(part.buffer)))
  const names = numbers.map(({ name }) => name)
  return sha256(
    [snapshotId, featureSchemaSha256, provenance, table.symbol, ...table.strategies, ...names, ...parts].join('\n'),
  )
}

/**
 * What a training learns from, as it stands after purging by time, look-back and thinning. Rows of history are modelled; a measured row of
 * the same `signal_id` would take its place, and none is recorded as long as nothing trades live.
 *
 * @example labelSet({ data, snapshotId, featureSchemaSha256, provenance: 'real' }).facts.rows // 16240
 */
export function labelSet(input: LabelInput): LabelSet {
  const { data, snapshotId } = input
  const { table, rows } = data
  const columns = columnsOf(input)
  const last = rows.reduce((latest, row) => Math.max(latest, table.labelEnd[row]!), 0)
  const facts = {
    rows: rows.length,
    balance: classCounts(data),
    span: [table.time[rows[0]!]!, last],
    snapshotId,
    sha256: hashOf(input, columns),
  } as const
  return { facts, rows, columns }
}
