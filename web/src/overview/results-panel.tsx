// What the run came to so far: trades, releases, trainings. Rates of few trades are not shown as if they meant something.

import { useQuery } from '@tanstack/react-query'
import { tradesQuery } from '../api/queries.ts'
import { fixed, percent, signedFixed, signedMoney, whole } from '../base/format.ts'
import { Figure } from '../kit/figure.tsx'
import { Panel } from '../kit/panel.tsx'
import { Ask } from '../kit/states.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { FEWEST_TRADES, tradeFigures } from './trade-figures.ts'

/** The most that the API gives at once. */
const READ = 500

export function ResultsPanel() {
  const run = useLive(({ picture }) => picture?.status.run?.runId ?? '')
  const counts = useLive(({ picture }) => picture?.status.counts ?? null)
  const trades = useQuery(tradesQuery({ run, limit: READ }))
  return (
    <Panel title={text('results.title')} hypothetical>
      <div className="flex flex-col gap-4">
        <Ask query={trades} what={text('results.trades')}>
          {({ items, next }) => <TradeResults figures={tradeFigures(items)} more={next !== null} />}
        </Ask>
        {counts !== null && (
          <dl className="grid grid-cols-2 gap-x-4 gap-y-3 border-line border-t pt-3 sm:grid-cols-3 lg:grid-cols-6">
            <Figure
              term="training"
              size="small"
              label={text('results.trainings')}
              value={whole(counts.trainings)}
              sub={text('results.trainings.sub', { failed: counts.trainingsFailed, skipped: counts.trainingsSkipped })}
            />
            <Figure size="small" label={text('results.published')} value={whole(counts.published)} term="release" />
            <Figure term="release" size="small" label={text('results.installed')} value={whole(counts.installed)} />
            <Figure size="small" label={text('results.refused')} value={whole(counts.refused)} term="gate" />
            <Figure term="decision" size="small" label={text('results.decisions')} value={whole(counts.decisions)} />
            <Figure term="trade" size="small" label={text('results.trades')} value={whole(counts.trades)} />
          </dl>
        )}
      </div>
    </Panel>
  )
}

function TradeResults({
  figures,
  more,
}: {
  readonly figures: ReturnType<typeof tradeFigures>
  readonly more: boolean
}) {
  const thin =
    figures.count < FEWEST_TRADES
      ? text('results.thin', { count: figures.count, fewest: FEWEST_TRADES })
      : text('results.of', { count: figures.count })
  return (
    <>
      {more && <p className="text-mute text-xs">{text('results.newest', { count: READ })}</p>}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-5">
        <Figure
          term="netResult"
          size="small"
          label={text('results.net')}
          value={signedMoney(figures.net)}
          tone={figures.net > 0 ? 'gain' : figures.net < 0 ? 'loss' : 'plain'}
          sub={text('results.of', { count: figures.count })}
        />
        <Figure
          term="costs"
          size="small"
          label={text('results.costs')}
          value={signedMoney(-figures.costs)}
          sub={text('results.costs.sub')}
        />
        <Figure
          term="winShare"
          size="small"
          label={text('results.wins')}
          value={percent(figures.winShare)}
          sub={thin}
        />
        <Figure
          size="small"
          label={text('results.meanR')}
          term="rMultiple"
          value={figures.meanR === null ? 'N/A' : `${signedFixed(figures.meanR, 2)} R`}
          sub={thin}
        />
        <Figure
          term="profitFactor"
          size="small"
          label={text('results.factor')}
          value={fixed(figures.profitFactor, 2)}
          sub={thin}
        />
      </dl>
    </>
  )
}
