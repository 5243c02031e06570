// Learning curves, a chart for each model: what it fits, what it does not see, and its learning rate below.

import { figure, whole } from '../base/format.ts'
import { type Line, LineChart } from '../charts/line-chart.tsx'
import { Empty } from '../kit/states.tsx'
import { text } from '../texts/text.ts'
import { type CurvePoints, curvesOf, isDrawn, type RoleCurves } from './curves.ts'

export function CurveCharts({ training, points }: { readonly training: number; readonly points: CurvePoints }) {
  const roles = curvesOf(points)
  if (roles.length === 0) return <Empty title={text('curves.none')}>{text('curves.none.why')}</Empty>
  return (
    <div className="grid gap-3 md:grid-cols-2 2xl:grid-cols-3">
      {roles.map(curves => (
        <RoleChart key={curves.role} training={training} curves={curves} />
      ))}
    </div>
  )
}

type RoleChartProps = { readonly training: number; readonly curves: RoleCurves }

function RoleChart({ training, curves: { role, unit, x, train, validation, rate } }: RoleChartProps) {
  const lines: Line[] = []
  if (isDrawn(train))
    lines.push({
      name: text('curves.train'),
      label: text('curves.train'),
      color: 'series-1',
      joined: true,
      values: train,
    })
  if (isDrawn(validation)) {
    lines.push({
      name: text('curves.validation'),
      label: text('curves.validation'),
      color: 'series-2',
      dash: [6, 3],
      joined: true,
      points: x.length < 60,
      values: validation,
    })
  }
  const rates: readonly Line[] = [
    {
      name: text('curves.rate'),
      label: text('curves.rate'),
      color: 'series-3',
      dash: [2, 3],
      joined: true,
      values: rate,
    },
  ]
  return (
    <div className="min-w-0 rounded-sm border border-line">
      <h3 className="px-3 pt-2 font-semibold text-xs">
        {role} <span className="font-normal text-mute">{text('curves.by', { unit })}</span>
      </h3>
      {lines.length > 0 && (
        <LineChart
          label={text('curves.of', { role, training })}
          x={x}
          xName={unit}
          lines={lines}
          height={150}
          format={figure}
          formatX={step => text('curves.step', { unit, step: whole(step) })}
        />
      )}
      {isDrawn(rate) && (
        <LineChart
          label={text('curves.rateOf', { role, training })}
          x={x}
          xName={unit}
          lines={rates}
          height={90}
          format={figure}
          formatX={step => text('curves.step', { unit, step: whole(step) })}
        />
      )}
    </div>
  )
}
