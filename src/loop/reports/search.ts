// The search behind a training: every trial, and how much each parameter matters (SEARCH-02).

import type { SearchTable } from '../../release/evaluation.ts'
import type { Block } from '../../report/report.ts'

const short = (value: number): string => String(Number(value.toPrecision(4)))

const column = (label: string, meaning: string) => ({ label, meaning })

/** Blocks of the section of trials; none where nothing was searched for. */
export function searchBlocks(table: SearchTable | undefined): Block[] {
  if (table === undefined) return []
  const { role, method, stopped, defaults, chosen, trials, importance } = table
  const names = Object.keys(trials[0]?.parameters ?? {})
  const verdict = chosen === null ? 'None was better, so the defaults stand.' : `Trial ${chosen} was chosen.`
  const ranked = Object.entries(importance).sort(([, a], [, b]) => b - a)
  return [
    {
      kind: 'text',
      text: `A search by ${method} for the parameters of ${role}: ${trials.length} trials, ended by ${stopped}. The defaults reach ${short(defaults)}. ${verdict}`,
    },
    {
      kind: 'table',
      title: 'Trials of the search',
      columns: [
        column('Trial', 'In the order of proposal.'),
        column(
          'Value',
          'Mean of the inner folds minus one standard error; higher is better. The holdout has no part in it.',
        ),
        column('Effort', 'Share of the trees of a full fit.'),
        ...names.map(name => column(name, `Parameter of ${role}.`)),
      ],
      rows: trials.map(({ number, value, fault, resource, parameters }) => [
        String(number),
        value === null ? (fault ?? 'failed') : short(value),
        short(resource),
        ...names.map(name => {
          const own = parameters[name]
          return typeof own === 'number' ? short(own) : String(own)
        }),
      ]),
    },
    ranked.length === 0
      ? { kind: 'missing', title: 'Importance of parameters', reason: 'too few trials to tell' }
      : {
          kind: 'table',
          title: 'Importance of parameters',
          columns: [
            column('Parameter', `Of ${role}.`),
            column(
              'Total effect',
              'Share of the variance of the value that goes away where the parameter is known (Sobol).',
            ),
          ],
          rows: ranked.map(([name, effect]) => [name, short(effect)]),
        },
  ]
}
