// Metrics by their usual names; one that is not listed keeps its own.

const NAMES: Readonly<Record<string, string>> = {
  accuracy: 'Accuracy',
  auc: 'AUC',
  brier: 'Brier score',
  ece: 'Calibration error',
  edgeBps: 'Edge, bps',
  firedMeanR: 'Mean R where fired',
  logLoss: 'Log loss, nats',
  mae: 'Mean absolute error, R',
  meanR: 'Mean R',
  mse: 'Mean squared error, R²',
  positiveMeanR: 'Mean R where positive',
  r2: 'R²',
  rankIc: 'Rank IC',
  signHit: 'Right sign, share',
  topDecileLift: 'Top-decile lift, R',
}

export const metricName = (name: string): string => NAMES[name] ?? name
