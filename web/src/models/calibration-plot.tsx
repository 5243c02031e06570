// What was predicted against what came: on the diagonal a model means what it says.

import type { ReleaseDetail } from '../../../src/api/schemas/releases.ts'
import { fixed, whole } from '../base/format.ts'
import { AsTable } from '../kit/as-table.tsx'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'

type Points = ReleaseDetail['roles'][number]['calibration']

const SIDE = 220
const PAD = 30
const TICKS = [0, 0.25, 0.5, 0.75, 1]

const x = (share: number): number => PAD + share * (SIDE - PAD - 6)
const y = (share: number): number => SIDE - PAD - share * (SIDE - PAD - 6)

export function CalibrationPlot({ points }: { readonly points: Points }) {
  const most = Math.max(...points.map(({ n }) => n), 1)
  return (
    <figure aria-label={text('calibration.label')}>
      <figcaption className="mb-1 font-semibold text-xs">
        <Term name="calibration">{text('word.calibration')}</Term>
      </figcaption>
      <svg aria-hidden="true" viewBox={`0 0 ${SIDE} ${SIDE}`} className="w-full max-w-80 fill-mute text-[9px]">
        {TICKS.map(tick => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(1)} className="stroke-grid" />
            <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} className="stroke-grid" />
            <text x={x(tick)} y={SIDE - PAD + 11} textAnchor="middle">
              {tick}
            </text>
            <text x={PAD - 4} y={y(tick) + 3} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className="stroke-strong-line" strokeDasharray="4 3" />
        <polyline
          points={points.map(({ predicted, observed }) => `${x(predicted)},${y(observed)}`).join(' ')}
          fill="none"
          className="stroke-series-1"
          strokeWidth="1"
        />
        {points.map(({ predicted, observed, n }) => (
          <circle
            key={predicted}
            cx={x(predicted)}
            cy={y(observed)}
            r={2 + 3 * Math.sqrt(n / most)}
            className="fill-series-1"
            fillOpacity="0.75"
          />
        ))}
        <text x={x(0.5)} y={SIDE - 4} textAnchor="middle">
          {text('calibration.predicted')}
        </text>
        <text x={10} y={y(0.5)} textAnchor="middle" transform={`rotate(-90 10 ${y(0.5)})`}>
          {text('calibration.observed')}
        </text>
      </svg>
      <AsTable
        label={text('calibration.label')}
        headers={[text('calibration.predicted'), text('calibration.observed'), text('metric.n')]}
        rows={() => points.map(({ predicted, observed, n }) => [fixed(predicted, 3), fixed(observed, 3), whole(n)])}
      />
    </figure>
  )
}
