// `ratchet data roll`: how the stored contracts of a root follow each other (DATA-10).

import { continuousMarket } from '../loop/continuous-market.ts'
import { barLength } from './arguments.ts'
import type { Verb } from './command.ts'
import { count, example, short, table } from './lines.ts'

const WHY = { first: 'the first one', volume: 'it led for two sessions', calendar: 'eight days before expiry' } as const

export const dataRoll: Verb = (group, act) => {
  group
    .command('roll')
    .description('show when the front contract of a root changed, and at which ratio')
    .argument('<root>', 'ES, MES, NQ or MNQ')
    .option('--bar <length>', 'length of a bar, e.g. 1m, 1h, 1d', barLength, 60_000)
    .addHelpText('after', example('data roll ES --bar 1h'))
    .action(
      act(async (session, root: string, { bar }: { readonly bar: number }) => {
        const state = await session.state()
        const { held, rolls, series } = await continuousMarket({ root, barMs: bar }, state, session.ports)
        const bars = Map.groupBy(held, ({ contract }) => contract)
        const facts = rolls.map(({ contract, from, cause, ratio, factor }) => ({
          contract: contract.code,
          from,
          cause,
          ratio,
          factor,
          bars: bars.get(contract.code)?.length ?? 0,
        }))
        const lines = [
          ...table([
            ['contract', 'front from', 'bars', 'ratio', 'because'],
            ...facts.map(({ contract, from, bars: n, ratio, cause }) => [
              contract,
              from,
              `${n}`,
              ratio.toFixed(6),
              WHY[cause],
            ]),
          ]),
          `${count(held.length, 'bar')} of ${root}, snapshot ${short(series.snapshotId)}`,
        ]
        session.out.result({ root, barMs: bar, snapshotId: series.snapshotId, bars: held.length, rolls: facts }, lines)
      }),
    )
}
