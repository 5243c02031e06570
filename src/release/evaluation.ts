// `evaluation.json` and `parity.json`: the evidence that travels inside the signature.

/** A metric with its 95 % block-bootstrap interval; null where the sample is too thin to print a number. */
export type Metric = {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  readonly n: number
  readonly note?: string | undefined
}

export type LearningPoint = { readonly curve: 'train' | 'validation' | 'rate'; readonly x: number; readonly y: number }

export type RoleEvaluation = {
  readonly baseline: boolean
  /** Metric name -> value on the holdout. */
  readonly holdout: Readonly<Record<string, Metric>>
  /** Metric name -> value per walk-forward fold. */
  readonly folds: Readonly<Record<string, readonly (number | null)[]>>
  /** Baseline name -> metric name -> value on the same holdout. */
  readonly baselines: Readonly<Record<string, Readonly<Record<string, Metric>>>>
  /** Classifiers: bins of equal mass of the chance of the likeliest class, rising: what was said, what came true, how often. */
  readonly calibration?:
    | readonly { readonly predicted: number; readonly observed: number; readonly n: number }[]
    | undefined
  /** Column -> rise of the loss when it is shuffled, on validation rows. */
  readonly importance?: Readonly<Record<string, number>> | undefined
  /** Learning curves of the fit that ships, by trees, rounds or steps; absent in releases from before they were kept. */
  readonly curve?: readonly LearningPoint[] | undefined
}

/** From the rows a release was fitted on to those it was judged on. */
export type Drift = {
  /** 0 to 1: the largest PSI over 0.5, at most 1 (OBS-02). */
  readonly score: number
  /** PSI of the class shares. */
  readonly labels: number
  /** Column -> PSI. */
  readonly columns: Readonly<Record<string, number>>
}

/** What the trials behind a release make of its results (LEDGER-01 to LEDGER-03). Sharpe ratios are per decision. */
export type Multiplicity = {
  /** Configurations tried for the hypothesis, this one included. */
  readonly trials: number
  /** Refits of a known configuration on newer data. */
  readonly looks: number
  readonly holdoutViews: number
  /** Variance of the Sharpe ratios of the trials; null for a single one, and where fewer than two had results enough. */
  readonly sharpeVariance: number | null
  /** Probability of backtest overfitting; null for a single trial, and where no two were judged on the same decisions. */
  readonly pbo: number | null
  /** Of the decisions of the holdout. */
  readonly deflatedSharpe: Metric
}

/** The search that chose a role's parameters (SEARCH-02). Values are means of the inner folds minus one standard error, higher is better. */
export type SearchTable = {
  readonly role: string
  readonly method: string
  /** What ended it. */
  readonly stopped: string
  /** Value of the parameters that stand where nothing is better. */
  readonly defaults: number
  /** Number of the trial that was; null where the defaults stand. */
  readonly chosen: number | null
  readonly trials: readonly {
    readonly number: number
    /** Share of the full effort. */
    readonly resource: number
    readonly value: number | null
    readonly fault: string | null
    readonly parameters: Readonly<Record<string, string | number | boolean>>
  }[]
  /** Parameter -> total effect on the value; empty where there were too few trials to tell. */
  readonly importance: Readonly<Record<string, number>>
}

export type Evaluation = {
  readonly schema: 'ratchet.evaluation/1'
  readonly symbol: string
  readonly provenance: 'real' | 'simulated'
  /** Times in ms UTC. `fit` is what the released models were fitted on, `holdout` what they were judged on. */
  readonly windows: {
    readonly fit: readonly [number, number]
    readonly holdout: readonly [number, number]
    readonly embargoMs: number
  }
  readonly rows: {
    readonly total: number
    readonly fit: number
    readonly holdout: number
    readonly effective: number
    readonly fired: number
    readonly thinned: number
  }
  readonly thin: boolean
  readonly classes: readonly string[]
  readonly roles: Readonly<Record<string, RoleEvaluation>>
  /** Up to 2,000 blended scores of validation candidates, sorted rising: the reference of the confidence percentile (BRN-13). */
  readonly scores: readonly number[]
  readonly trials: number
  /** Absent in releases from before the ledger. */
  readonly multiplicity?: Multiplicity | undefined
  /** Absent where nothing was searched for. */
  readonly search?: SearchTable | undefined
  /** Absent where it was not measured. */
  readonly drift?: Drift | undefined
  readonly gates: readonly {
    readonly gate: string
    readonly value: number | string | null
    readonly limit: number | string | null
    readonly result: string
    readonly paper?: boolean | undefined
  }[]
  readonly verdict: 'pass' | 'fail'
}

/** `golden/<role>.json`: vectors as base64 little-endian float32. */
export type GoldenVectors = {
  readonly schema: 'ratchet.golden/1'
  readonly role: string
  readonly rows: number
  readonly width: number
  readonly outputs: number
  readonly input: string
  readonly output: string
}

export type ParityCertificate = {
  readonly schema: 'ratchet.parity/1'
  readonly runtime: string
  /** Of the machine that certified; absent in releases from before it was kept. */
  readonly cpu?: string | undefined
  readonly opset: number
  readonly roles: Readonly<
    Record<
      string,
      {
        readonly rows: number
        readonly thresholdAdjacent: number
        readonly maxAbsError: number
        /** Of the larger of the two answers, 0 to 2; absent in releases from before it was kept. */
        readonly maxRelError?: number | undefined
        readonly maxUlp: number
        readonly decisionFlips: number
        readonly goldenSha256: string
      }
    >
  >
}
