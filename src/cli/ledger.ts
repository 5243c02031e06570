// `ratchet ledger`: what was tried, by hypothesis and entry by entry, and whether nothing of it was changed (LEDGER-01).

import { entriesOf, triedHypotheses, verifiedLedger } from '../loop/ledger-view.ts'
import type { Verb } from './command.ts'
import { count, example, short, table, utcMoment } from './lines.ts'

const ledgerList: Verb = (group, act) => {
  group
    .command('list')
    .description('list the hypotheses with how often each was tried')
    .addHelpText('after', example('ledger list'))
    .action(
      act(async session => {
        const { ledger } = await session.reading()
        const hypotheses = await triedHypotheses(ledger)
        const rows = hypotheses.map(({ hypothesis, subject, trials, looks, holdoutViews, lastAt }) => {
          const cells = [count(trials, 'trial'), count(looks, 'look'), count(holdoutViews, 'holdout view')]
          return [short(hypothesis), subject, ...cells, `last ${utcMoment(lastAt)}`]
        })
        session.out.result({ hypotheses }, rows.length === 0 ? ['nothing was tried yet'] : table(rows))
      }),
    )
}

const ledgerShow: Verb = (group, act) => {
  group
    .command('show')
    .description('show what was tried for one hypothesis')
    .argument('<hypothesis>', 'the beginning of it, as ledger list shows it')
    .addHelpText('after', example('ledger show 3f9a1c20b7de'))
    .action(
      act(async (session, name: string) => {
        const { ledger } = await session.reading()
        const { list, ...tried } = await entriesOf(name, ledger)
        const { hypothesis, subject, trials, looks, holdoutViews } = tried
        const lines = [
          `${subject} (${short(hypothesis)}): ${count(trials, 'trial')}, ${count(looks, 'look')}, ${count(holdoutViews, 'holdout view')}`,
          ...table(
            list.map(({ seq, at, kind, configSha256, until, actor }) => [
              String(seq).padStart(6),
              utcMoment(at),
              kind,
              `configuration ${short(configSha256)}`,
              `data until ${utcMoment(until)}`,
              `by ${actor.length > 40 ? `${actor.slice(0, 39)}…` : actor}`,
            ]),
          ),
        ]
        session.out.result({ ...tried, list }, lines)
      }),
    )
}

const ledgerVerify: Verb = (group, act) => {
  group
    .command('verify')
    .description('check that no entry was changed, left out or put elsewhere')
    .addHelpText('after', example('ledger verify'))
    .action(
      act(async session => {
        const { ledger } = await session.reading()
        const { entries, head } = await verifiedLedger(ledger)
        const told = `verified: ${entries === 1 ? '1 entry' : `${entries} entries`}, none was changed`
        session.out.result({ verified: true, entries, head }, [head === null ? told : `${told}; head ${head}`])
      }),
    )
}

export const ledger: Verb = (program, act) => {
  const group = program.command('ledger').description('what was tried: list, look at, verify')
  for (const verb of [ledgerList, ledgerShow, ledgerVerify]) verb(group, act)
}
