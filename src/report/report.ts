// What a report is: plain data that knows no trading. Its canonical JSON is what is hashed; the page is drawn from nothing else.

/** A number as it is read. Values stand in the unit shown: 8.7 with `%` is 8.7 %. */
export type Amount = {
  /** Null: there is none, and `note` says why. */
  readonly value: number | null
  /** Written behind the number, `$` before it. */
  readonly unit?: string | undefined
  /** Digits after the point, 2 when absent. */
  readonly digits?: number | undefined
  /** Also positive numbers carry their sign. */
  readonly signed?: boolean | undefined
  /** Interval, in the same unit. */
  readonly low?: number | null | undefined
  readonly high?: number | null | undefined
  /** Observations behind it. */
  readonly n?: number | undefined
  /** What is observed: `trades`. */
  readonly of?: string | undefined
  readonly note?: string | undefined
}

/** ms UTC; how much of it is shown. */
export type Instant = { readonly time: number; readonly shows: 'day' | 'minute' }

/** A name with its definition, shown on hover and in the list of terms. */
export type Term = { readonly label: string; readonly meaning?: string | undefined }

export type Figure = Amount & Term

export type Cell = string | Term | Amount | Instant

export type Table = {
  readonly kind: 'table'
  readonly title: string
  readonly columns: readonly Term[]
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly Cell[])[]
  /** How many rows there are in all, where not all are here. */
  readonly total?: number | undefined
  readonly note?: string | undefined
}

export type Line = {
  readonly label: string
  /** `points` are told apart, not joined: events on a line. */
  readonly shape: 'line' | 'step' | 'area' | 'points'
  /** Null leaves a gap. */
  readonly values: readonly (number | null)[]
}

/** Lines over time that share one axis. */
export type LinePlot = {
  readonly kind: 'lines'
  readonly title: string
  readonly unit: string
  readonly digits: number
  /** ms UTC, rising. */
  readonly times: readonly number[]
  readonly shows: Instant['shows']
  readonly lines: readonly Line[]
  readonly note?: string | undefined
}

export type BarPlot = {
  readonly kind: 'bars'
  readonly title: string
  readonly unit: string
  readonly digits: number
  readonly bars: readonly { readonly label: string; readonly value: number; readonly n?: number | undefined }[]
  /** What `n` counts. */
  readonly of?: string | undefined
  readonly note?: string | undefined
}

/** What was said against what came true, both 0 to 1. */
export type CalibrationPlot = {
  readonly kind: 'calibration'
  readonly title: string
  readonly points: readonly { readonly predicted: number; readonly observed: number; readonly n: number }[]
  readonly note?: string | undefined
}

/** A value a month, years downwards. */
export type MonthTable = {
  readonly kind: 'months'
  readonly title: string
  readonly unit: string
  readonly digits: number
  readonly years: readonly {
    readonly year: number
    /** January to December; null where there is none. */
    readonly months: readonly (number | null)[]
    readonly whole: number | null
  }[]
  readonly note?: string | undefined
}

/** One number for each pair of two choices, shaded by size. */
export type HeatMap = {
  readonly kind: 'heat'
  readonly title: string
  readonly unit: string
  readonly digits: number
  readonly across: { readonly label: string; readonly values: readonly string[] }
  readonly down: { readonly label: string; readonly values: readonly string[] }
  /** A row for each value downwards; null where there is none. */
  readonly cells: readonly (readonly (number | null)[])[]
  readonly note?: string | undefined
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  /** Names and texts, such as hashes. */
  | { readonly kind: 'facts'; readonly facts: readonly { readonly label: string; readonly text: string }[] }
  | { readonly kind: 'command'; readonly text: string }
  /** What would stand here, and why it does not. */
  | { readonly kind: 'missing'; readonly title: string; readonly reason: string }
  | Table
  | LinePlot
  | BarPlot
  | CalibrationPlot
  | MonthTable
  | HeatMap

export type Section = { readonly title: string; readonly blocks: readonly Block[] }

export type Report = {
  readonly schema: 'ratchet.report/1'
  /** `backtest`, `training`, `release`. */
  readonly kind: string
  readonly title: string
  /** What it is about, in one line: series, span, who decided. */
  readonly subject: string
  readonly verdict: { readonly text: string; readonly tone: 'good' | 'mixed' | 'bad' }
  /** Words that must be seen with the verdict: `hypothetical`, `thin evidence`. */
  readonly marks: readonly string[]
  readonly sections: readonly Section[]
  readonly disclaimer: string
}

/** Facts of one copy of a report that differ from run to run, printed under the hash and outside it. */
export type Stamp = readonly { readonly label: string; readonly text: string }[]
