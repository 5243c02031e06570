// The terms of reports: how each figure is called, in which unit it stands and what it means (WEB-02).

import type { Term } from '../../report/report.ts'

const term = (label: string, meaning: string) => ({ label, meaning })

/** Figures of a backtest (trading chapter, definitions MET). */
export const MEASURES = {
  return: term('Return', 'Equity at the end over the capital at the start, minus one, after costs.'),
  drawdown: term('Max drawdown', 'Largest fall of marked equity from a peak, as a share of that peak, bar by bar.'),
  sharpe: term(
    'Sharpe, annualised',
    'Mean over standard deviation of net session returns, times the square root of the sessions a year. Risk-free rate 0.',
  ),
  sharpePerTrade: term('Sharpe per trade', 'Mean over standard deviation of R of single trades. Not annualised.'),
  sortino: term(
    'Sortino, annualised',
    'Mean session return over the root mean square of losing sessions, the mean taken over all sessions. Target 0.',
  ),
  calmar: term('Calmar', 'Return a year over the max drawdown.'),
  cvar: term('CVaR 95 %', 'Mean of the worst 5 % of session returns.'),
  profitFactor: term('Profit factor', 'Gross profit over gross loss of closed trades, after costs.'),
  expectancy: term('Mean R', 'Mean net result of a trade in R.'),
  winRate: term(
    'Win rate',
    'Share of closed trades that made money after costs; breaking even is not winning. Wilson interval.',
  ),
  r: term('R', 'Net result in units of the loss that was planned at the stop, costs included.'),
  mae: term('Worst, R', 'How far price ran against the position while it was held.'),
  mfe: term('Best, R', 'How far price ran in favour of the position while it was held.'),
  slippage: term('Slip', 'Steps lost against the reference price, entry and exit together; assumed, not measured.'),
  ruin: term('Ruin', 'Share of the runs whose drawdown reaches the limit of the account.'),
} as const satisfies Record<string, Term>

export type MetricTerm = {
  readonly term: Term
  readonly unit: string
  readonly digits: number
  /** 100 where a share is shown in percent. */
  readonly scale: number
  /** Which way is good; absent where neither is. */
  readonly better?: 'lower' | 'higher' | undefined
}

const metric = (
  label: string,
  better: MetricTerm['better'],
  [unit, digits, scale]: readonly [string, number, number],
  meaning: string,
): MetricTerm => ({ term: term(label, meaning), unit, digits, scale, better })

const NUMBER = ['', 3, 1] as const
const IN_R = ['R', 3, 1] as const
const PERCENT = ['%', 1, 100] as const

/** Metrics of an evaluation by role and name (learning chapter, MET-01). */
export const METRICS: Readonly<Record<string, Readonly<Record<string, MetricTerm>>>> = {
  meta: {
    logLoss: metric('Log loss', 'lower', ['nats', 3, 1], 'Mean of -ln of the chance that was given to what came true.'),
    brier: metric('Brier score', 'lower', NUMBER, 'Mean squared error of the chances, summed over the classes.'),
    accuracy: metric(
      'Accuracy',
      'higher',
      PERCENT,
      'Share of events whose likeliest class came true; always read beside the share of the most frequent class.',
    ),
    auc: metric(
      'AUC',
      'higher',
      NUMBER,
      'Chance that an event of a class is ranked above one of another, averaged over the classes; 0.5 is guessing.',
    ),
    ece: metric(
      'Calibration error',
      'lower',
      NUMBER,
      'Mean distance of stated and observed chance over 15 bins of equal mass.',
    ),
    topDecileLift: metric(
      'Top-decile lift',
      'higher',
      NUMBER,
      'Share right among the tenth of events that the model is surest of, minus the share right of all.',
    ),
    meanR: metric('Mean R, choices', 'higher', IN_R, 'Mean net R of the candidates the model would choose.'),
    firedMeanR: metric(
      'Mean R, tradable choices',
      'higher',
      IN_R,
      'The same over choices whose strategy fired, so that they could be traded.',
    ),
    edgeBps: metric(
      'Edge',
      'higher',
      ['bps', 1, 1],
      'Mean net result of tradable choices in hundredths of a percent of the entry price.',
    ),
  },
  execution: {
    mae: metric('Mean absolute error', 'lower', IN_R, 'Mean distance of expected and actual net R.'),
    mse: metric('Mean squared error', 'lower', NUMBER, 'Mean squared distance of expected and actual net R.'),
    signHit: metric(
      'Sign hit rate',
      'higher',
      PERCENT,
      'Share of candidates whose profit or loss was foreseen as such.',
    ),
    r2: metric(
      'R squared',
      'higher',
      NUMBER,
      'Share of the variance of net R that is explained; below 0 the mean would have been better.',
    ),
    rankIc: metric('Rank IC', 'higher', NUMBER, 'Spearman correlation of expected and actual net R.'),
    positiveMeanR: metric(
      'Mean R where positive',
      'higher',
      IN_R,
      'Mean net R of the candidates whose expected R is above 0.',
    ),
  },
  rl_sizer: {
    meanR: metric('Mean R, sized', 'higher', IN_R, 'Mean net R a trade times the size chosen for it.'),
    meanSize: metric('Mean size', undefined, NUMBER, 'Mean size multiplier; 1 is the size of the risk rules.'),
    cvarR: metric('CVaR 95 %, sized', 'higher', IN_R, 'Mean of the worst 5 % of sized results.'),
    maxDrawdownR: metric('Max drawdown, sized', 'lower', IN_R, 'Largest fall of the running sum of sized R.'),
    sharpePerTrade: metric(
      'Sharpe per trade, sized',
      'higher',
      NUMBER,
      'Mean over standard deviation of sized R of single trades. Not annualised.',
    ),
  },
}

/** The figure by which a role is held against its baselines. */
export const PRIMARY: Readonly<Record<string, string>> = {
  meta: 'logLoss',
  execution: 'mse',
  rl_sizer: 'sharpePerTrade',
}

export const ROLES: Readonly<Record<string, string>> = {
  meta: 'Choice of strategy',
  execution: 'Expected net R',
  rl_sizer: 'Position size',
}

/** As the verdict calls them. */
export const MODELS: Readonly<Record<string, string>> = {
  meta: 'the strategy model',
  execution: 'the execution model',
  rl_sizer: 'the sizing model',
}

export const BASELINES: Readonly<Record<string, string>> = {
  majority: 'Class shares',
  bestStrategy: 'Best single strategy',
  lastModel: 'Release in charge',
  mean: 'Mean of the past',
  ridge: 'Ridge regression',
  constant: 'Size 1 always',
  quarterKelly: 'Quarter Kelly',
  volatilityTarget: 'Volatility target',
}

export const DISCLAIMER =
  'Hypothetical results have inherent limits: no order was sent, no market was moved, and rules or models were chosen with knowledge of the past. Past results, real or hypothetical, do not bind the future. Not investment advice; trading futures and other leveraged instruments can lose more than the money put in.'
