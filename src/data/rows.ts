// A table of text cells as it stands in a file: what every file format is read into before anything is believed.

export type RawRow = {
  /** Line of the file (CSV) or number of the row, the header being 1. */
  readonly line: number
  readonly cells: readonly string[]
}

export interface RowSource {
  /** Name shown to people, usually the path as given. */
  readonly name: string
  readonly columns: readonly string[]
  rows(): AsyncIterable<RawRow>
}
