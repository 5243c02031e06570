// `ratchet models worth`: how often training again came to something better, by model and by what asked for it (SCHED-05).

import { trainingWorth } from '../loop/training-worth.ts'
import type { Verb } from './command.ts'
import { count, example, table } from './lines.ts'

export const modelsWorth: Verb = (group, act) => {
  group
    .command('worth')
    .description('the share of retrainings that helped, by model and trigger')
    .addHelpText('after', example('models worth'))
    .action(
      act(async session => {
        const pipelines = await trainingWorth(await session.reading(), session.ports)
        const rows = pipelines.flatMap(({ pipeline, shares }) =>
          shares.map(({ model, trigger, trainings, compared, helped, share }) => [
            pipeline,
            model,
            trigger,
            count(trainings, 'training'),
            `${helped} of ${compared} compared helped`,
            share === null ? 'n/a' : `${Math.round(100 * share)} %`,
          ]),
        )
        session.out.result({ pipelines }, rows.length === 0 ? ['nothing was trained by the clock yet'] : table(rows))
      }),
    )
}
