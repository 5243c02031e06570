// `ratchet data leak`: proves on given bars that nothing looks ahead (FEAT-06).

import { findLeaks, type LeakFindings } from '../loop/find-leaks.ts'
import { wholeNumber } from './arguments.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example } from './lines.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest } from './series-options.ts'

type LeakOptions = SeriesOptions & { readonly bars: string; readonly samples: number; readonly seed?: number }

const SHOWN = 20

/** What a training on these bars would know too much of; empty: nothing. */
const trained = ({ training }: LeakFindings): readonly string[] =>
  'reason' in training
    ? []
    : [...training.splits, ...training.parts.map(part => `${part} knew of rows that it is judged on`)]

function trainingLines(found: LeakFindings): string[] {
  if ('reason' in found.training) return [`trainings were not looked at: ${found.training.reason}`]
  const leaks = trained(found)
  if (leaks.length === 0)
    return ['no leak in training: splits keep apart, nothing fitted changed with the rows that judge it']
  return [
    `${leaks.length} leaks in training:`,
    ...leaks.map(leak => `  ${leak}`),
    '  To do: publish nothing that this program trains; report it.',
  ]
}

export function leakLines(found: LeakFindings): string[] {
  return [...barLines(found), ...trainingLines(found)]
}

function barLines({ symbol, bars, samples, seed, leaks }: LeakFindings): string[] {
  const tried = `${symbol}, ${bars} bars, ${samples} cuts, seed ${seed}`
  if (leaks.length === 0) return [`no leak: what was known at a bar never changed with its future (${tried})`]
  return [
    `${leaks.length} of ${samples} cuts leak: something looks ahead (${tried})`,
    ...leaks.slice(0, SHOWN).map(({ cut, bar, column }) => `  ${column}, at bar ${bar}, knew of bars after ${cut}`),
    ...(leaks.length > SHOWN ? [`  and ${leaks.length - SHOWN} more; --json lists all`] : []),
    '  To do: train no model that reads this column until it is mended.',
  ]
}

export const dataLeak: Verb = (group, act) => {
  const command = group
    .command('leak')
    .description(
      'replace the future by noise and see that features, stances, labels, decisions and fits stay as they were',
    )
    .requiredOption('--bars <file>', 'bars to look at')
    .option('--samples <n>', 'bars after which the future is replaced', wholeNumber(1), 200)
    .option('--seed <n>', 'seed of bars and noise', wholeNumber(0))
    .addHelpText('after', example('data leak --bars spx.csv --symbol SPX'))
  addSeriesOptions(command).action(
    act(async (session, options: LeakOptions) => {
      const { ports, out, signal } = session
      const { bars, samples, seed = ports.settings.training.seed } = options
      const found = await findLeaks(
        {
          series: seriesRequest(bars, options),
          samples,
          seed,
          signal,
          onProgress: done => out.progress(done / samples, `${done} of ${samples} cuts`),
        },
        ports,
      )
      out.result(found, leakLines(found))
      return found.leaks.length + trained(found).length > 0 ? EXIT.refused : EXIT.done
    }),
  )
}
