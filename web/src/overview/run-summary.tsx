// What the run came to, once its bars are through; good or bad.

import { figure, percent, signedPercent, whole } from '../base/format.ts'
import { Figure } from '../kit/figure.tsx'
import { Panel } from '../kit/panel.tsx'
import { Term } from '../kit/term.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'

export function RunSummary() {
  const run = useLive(({ picture }) => picture?.status.run ?? null)
  const account = useLive(({ picture }) => picture?.status.account ?? null)
  const counts = useLive(({ picture }) => picture?.status.counts ?? null)
  if (run === null || run.state === 'running' || account === null || counts === null) return null
  const result = account.equity / account.capital - 1
  const hold = account.hold / account.capital - 1
  return (
    <Panel title={text(`summary.${run.state}`)} hypothetical className="border-brass">
      <p className="mb-3 text-sm">
        {text(result > hold ? 'summary.beaten' : 'summary.notBeaten', {
          result: signedPercent(result),
          hold: signedPercent(hold),
        })}
      </p>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-5">
        <Figure term="bar" size="small" label={text('summary.bars')} value={whole(run.barsDone)} />
        <Figure term="trade" size="small" label={text('results.trades')} value={whole(counts.trades)} />
        <Figure term="training" size="small" label={text('results.trainings')} value={whole(counts.trainings)} />
        <Figure term="release" size="small" label={text('results.installed')} value={whole(counts.installed)} />
        <Figure term="gate" size="small" label={text('results.refused')} value={whole(counts.refused)} />
      </dl>
      {run.figures === null ? null : (
        <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
          <Figure term="sharpe" size="small" label={text('summary.sharpe')} value={figure(run.figures.sharpe)} />
          <Figure
            term="deflatedSharpe"
            size="small"
            label={text('summary.deflated')}
            value={figure(run.figures.deflatedSharpe)}
          />
          <Figure term="trials" size="small" label={text('summary.trials')} value={whole(run.figures.trials)} />
          <Figure term="random" size="small" label={text('summary.random')} value={percent(run.figures.randomBeaten)} />
        </dl>
      )}
      <dl className="mt-3 text-xs">
        <dt className="text-mute">
          <Term name="eventHash">{text('summary.hash', { seed: run.seed })}</Term>
        </dt>
        <dd className="break-all font-mono">{run.eventHash ?? 'N/A'}</dd>
      </dl>
      <p className="mt-3 text-mute text-xs">{text('summary.own')}</p>
    </Panel>
  )
}
