// `ratchet train`: one training on a bar file, to a signed release directory.

import { trainOnce } from '../loop/train-once.ts'
import { wholeNumber } from './arguments.ts'
import type { Verb } from './command.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest } from './series-options.ts'

type TrainOptions = SeriesOptions & { readonly bars: string; readonly out: string; readonly seed?: number }

export const train: Verb = (program, act) => {
  addSeriesOptions(
    program
      .command('train')
      .description('train the three models on bars and write a signed candidate release')
      .requiredOption('--bars <file>', 'bars to learn from')
      .requiredOption('--out <folder>', 'folder that becomes the release; it must not exist')
      .option('--seed <n>', 'seed of everything random', wholeNumber(0)),
  ).action(
    act(async ({ ports, out, signal, state }, options: TrainOptions) => {
      const trained = await trainOnce(
        {
          bars: seriesRequest(options.bars, options),
          seed: options.seed ?? ports.settings.training.seed,
          out: options.out,
          signal,
          onProgress: ({ phase, fraction, text }) =>
            out.progress(fraction, `${Math.round(fraction * 100)} % ${phase}: ${text}`),
        },
        await state(),
        ports,
      )
      const { manifest, manifestSha256, files } = trained.built
      const { evaluation } = trained
      const models = manifest.members.filter(({ role }) => role !== undefined)
      out.result(
        {
          releaseId: manifest.releaseId,
          label: manifest.label,
          manifestSha256,
          out: trained.out,
          files: [...files.keys()],
          trainingSamples: trained.trainingSamples,
          effectiveRows: trained.effectiveRows,
          thin: evaluation.thin,
          baselineRoles: trained.baselineRoles,
          holdout: Object.fromEntries(Object.entries(evaluation.roles).map(([role, { holdout }]) => [role, holdout])),
          verdict: evaluation.verdict,
        },
        [
          `release ${manifest.releaseId} (${manifest.label}) in ${trained.out}`,
          `learned from ${trained.trainingSamples} rows, ${trained.effectiveRows.toFixed(1)} effective${evaluation.thin ? ' (thin: paper only)' : ''}`,
          ...models.map(
            ({ role = '', size }) =>
              `  ${role.padEnd(10)} ${size} bytes${trained.baselineRoles.includes(role) ? ', baseline' : ''}`,
          ),
          `verify it: ratchet verify ${trained.out}`,
        ],
      )
    }),
  )
}
