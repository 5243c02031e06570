// The account against holding the instrument and against the model before the present one; below it how far it is under its peak.

import { money, percent } from '../base/format.ts'
import { instant } from '../base/time.ts'
import { type Line, LineChart } from '../charts/line-chart.tsx'
import { usePreferences } from '../frame/preferences.tsx'
import { Panel } from '../kit/panel.tsx'
import { Empty } from '../kit/states.tsx'
import { Term } from '../kit/term.tsx'
import { drawdowns } from '../live/account-series.ts'
import type { Picture } from '../live/picture.ts'
import { usePaced } from '../live/use-paced.ts'
import { text } from '../texts/text.ts'

const thousands = (dollars: number): string => `$${(dollars / 1000).toFixed(dollars % 1000 === 0 ? 0 : 1)}k`

export function EquityPanel() {
  const { x, lines, down } = usePaced(seriesOf, lineOf)
  const { zone } = usePreferences()
  const formatX = (ms: number): string => instant(ms, zone)
  return (
    <Panel title={text('equity.title')} hypothetical note={text('equity.unit')} flush>
      {x.length < 2 ? (
        <div className="p-3">
          <Empty title={text('equity.empty')}>{text('equity.empty.why')}</Empty>
        </div>
      ) : (
        <>
          <LineChart
            label={text('equity.chart')}
            x={x}
            time
            xName={text('chart.time')}
            lines={lines}
            height={252}
            format={money}
            formatTick={thousands}
            formatX={formatX}
          />
          <LineChart
            label={text('equity.drawdown')}
            x={x}
            time
            xName={text('chart.time')}
            lines={down}
            height={118}
            format={value => percent(value, 2)}
            formatTick={value => percent(value, 0)}
            formatX={formatX}
          />
        </>
      )}
    </Panel>
  )
}

/** The line grows with the bars of a run. */
const lineOf = (picture: Picture | null): string => `${picture?.status.run?.runId} ${picture?.revision}`

function seriesOf(picture: Picture | null) {
  const points = picture?.account ?? []
  const lines: readonly Line[] = [
    {
      name: text('word.equity'),
      label: <Term name="equity">{text('word.equity')}</Term>,
      color: 'series-1',
      values: points.map(({ equity }) => equity),
    },
    {
      name: text('word.buyAndHold'),
      label: <Term name="buyAndHold">{text('word.buyAndHold')}</Term>,
      color: 'series-2',
      dash: [6, 3],
      values: points.map(({ hold }) => hold),
    },
    {
      name: text('word.previousModel'),
      label: <Term name="previousModel">{text('word.previousModel')}</Term>,
      color: 'series-3',
      dash: [2, 3],
      values: points.map(({ previous }) => previous),
    },
  ]
  const down: readonly Line[] = [
    {
      name: text('word.drawdown'),
      label: <Term name="drawdown">{text('word.drawdown')}</Term>,
      color: 'loss',
      fill: true,
      values: drawdowns(points, picture?.status.run?.capital ?? 0),
    },
  ]
  return { x: points.map(({ at }) => at), lines, down }
}
