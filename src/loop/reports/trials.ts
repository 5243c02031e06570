// How many tries stand behind a result, and what they make of it: the ledger's numbers of a release (TRAIN-05, SPLIT-04).

import type { Evaluation } from '../../release/evaluation.ts'
import type { Block } from '../../report/report.ts'

/** The section is the same whether a release states its ledger or, being older, its count alone. */
export function trialBlocks({ trials, multiplicity }: Pick<Evaluation, 'trials' | 'multiplicity'>): Block[] {
  const tried = `${trials} configuration${trials === 1 ? ' was' : 's were'} tried for this hypothesis, this one included.`
  const text = `${tried} The more are tried, the better the best looks by luck alone.`
  if (multiplicity === undefined) return [{ kind: 'text', text }]
  const { looks, holdoutViews, pbo, deflatedSharpe } = multiplicity
  const { value, n, note } = deflatedSharpe
  const alone =
    trials === 1 ? 'one configuration: nothing was chosen' : 'no two trials were judged on the same decisions'
  return [
    { kind: 'text', text },
    {
      kind: 'figures',
      figures: [
        {
          label: 'Looks',
          meaning:
            'Refits of a known configuration on newer data. They are no trials; whoever is to replace a champion spends from a budget of false discoveries.',
          value: looks,
          digits: 0,
        },
        {
          label: 'Holdout views',
          meaning: 'How often the newest rows of this hypothesis were judged on, this time included.',
          value: holdoutViews,
          digits: 0,
        },
        {
          label: 'Deflated Sharpe',
          meaning:
            'The chance that the decisions on the holdout are better than the best of so many tries is by luck. 0.95 is asked of a first champion.',
          value,
          digits: 3,
          note: value === null ? note : `${n} independent decisions`,
        },
        {
          label: 'Overfitting',
          meaning:
            'How often the best of the trials on one half of the time is below the median on the other half. At most 0.2 is asked.',
          value: pbo,
          digits: 3,
          note: pbo === null ? alone : undefined,
        },
      ],
    },
  ]
}
