// A data set of labelled rows for whoever keeps it: its facts, and its columns cell by cell (LABEL-06).

export type LabelFacts = {
  readonly rows: number
  /** Class -> events. */
  readonly balance: Readonly<Record<string, number>>
  /** First signal and last outcome, ms UTC. */
  readonly span: readonly [number, number]
  /** Of the bars that they come of. */
  readonly snapshotId: string
  /** Over the columns as doubles, little-endian, one after the other. */
  readonly sha256: string
}

export type LabelCell = string | number | boolean
export type LabelColumn = {
  readonly name: string
  readonly kind: 'text' | 'time' | 'number' | 'flag'
  /** @param row of the table, `at` its place among the kept rows */
  readonly cell: (row: number, at: number) => LabelCell
}

export type LabelSet = {
  readonly facts: LabelFacts
  readonly rows: Int32Array
  readonly columns: readonly LabelColumn[]
}
