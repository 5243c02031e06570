// English: charts.

export const chart = {
  'chart.asTable': '{what} as a table',
  'chart.time': 'Time',
  'chart.keys': '{what}. Arrow keys read it point by point.',
} as const
