// `ratchet models diff A B`: in what two releases differ.

import { diffModels, type Fact } from '../loop/model-diff.ts'
import type { Verb } from './command.ts'
import { count, example, short, table } from './lines.ts'

function text(value: Fact): string {
  if (value === null) return '-'
  if (typeof value === 'number') return String(Number(value.toPrecision(6)))
  return /^[0-9a-f]{64}$/.test(String(value)) ? short(String(value)) : String(value)
}

export const modelsDiff: Verb = (group, act) => {
  group
    .command('diff')
    .description('what differs between two releases: data, figures, gates, files')
    .argument('<a>', 'label, version, id or the beginning of its digest')
    .argument('<b>', 'another one')
    .addHelpText('after', example('models diff 20260115_143000_5 20260115_150000_6'))
    .action(
      act(async (session, ...[a, b]: readonly [string, string]) => {
        const { registry } = await session.reading()
        const diff = await diffModels(a, b, registry)
        const { differences, same } = diff
        session.out.result(diff, [
          ...table([['', diff.a.label, diff.b.label], ...differences.map(one => [one.fact, text(one.a), text(one.b)])]),
          differences.length === 0 ? 'they are the same' : `${count(same, 'fact')} the same in both`,
        ])
      }),
    )
}
