// One training: its windows, what it tried, how long each part took, and its curves.

import { useQuery } from '@tanstack/react-query'
import type { TrainingDetail } from '../../../src/api/schemas/trainings.ts'
import { trainingQuery } from '../api/queries.ts'
import { fixed, whole } from '../base/format.ts'
import { hrefOf } from '../base/route.ts'
import { dateOf, span } from '../base/time.ts'
import { Button } from '../kit/button.tsx'
import { Figure } from '../kit/figure.tsx'
import { Icon } from '../kit/icon.tsx'
import { Panel } from '../kit/panel.tsx'
import { Ask } from '../kit/states.tsx'
import { text } from '../texts/text.ts'
import { CurveCharts } from './curve-charts.tsx'
import { VerdictTag } from './training-list.tsx'

export function TrainingPanel({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const asked = useQuery(trainingQuery(id))
  return (
    <Panel
      title={asked.data === undefined ? id : text('training.detail', { number: asked.data.number })}
      note={
        asked.data === undefined ? undefined : <VerdictTag status={asked.data.status} verdict={asked.data.verdict} />
      }
      className="border-brass"
      actions={
        <Button kind="bare" aria-label={text('dialog.close')} onClick={onClose}>
          <Icon name="close" size={14} />
        </Button>
      }
    >
      <Ask query={asked} what={text('training.one')}>
        {training => <TrainingBody training={training} />}
      </Ask>
    </Panel>
  )
}

const windowOf = (window: readonly [number, number] | null): string =>
  window === null ? 'N/A' : `${dateOf(window[0], 'UTC')} – ${dateOf(window[1], 'UTC')}`

function TrainingBody({ training }: { readonly training: TrainingDetail }) {
  const { fit, holdout, folds, trials, rows, effectiveRows, reason, releaseId, label, durations, durationMs, curves } =
    training
  return (
    <div className="flex flex-col gap-4">
      {reason !== null && <p className="border-warn border-l-3 bg-brass-wash px-3 py-1.5 text-sm">{reason}</p>}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 md:grid-cols-4 2xl:grid-cols-7">
        <Figure term="fitWindow" size="small" label={text('lineage.fit')} value={windowOf(fit)} />
        <Figure size="small" label={text('word.holdout')} term="holdout" value={windowOf(holdout)} />
        <Figure
          size="small"
          label={text('training.rows')}
          term="effectiveRows"
          value={rows === null ? 'N/A' : `${fixed(effectiveRows, 1)} / ${whole(rows)}`}
        />
        <Figure term="folds" size="small" label={text('training.folds')} value={whole(folds)} />
        <Figure size="small" label={text('word.trials')} term="trials" value={whole(trials)} />
        <Figure term="took" size="small" label={text('training.took')} value={span(durationMs)} />
        <Figure
          size="small"
          label={text('word.release')}
          term="release"
          value={
            releaseId === null ? (
              text('training.noRelease')
            ) : (
              <a
                className="underline underline-offset-2"
                href={hrefOf({ page: 'models', query: { release: releaseId } })}
              >
                {label ?? releaseId}
              </a>
            )
          }
        />
      </dl>
      <Durations durations={durations} />
      <CurveCharts training={training.number} points={curves} />
    </div>
  )
}

function Durations({ durations }: Pick<TrainingDetail, 'durations'>) {
  const parts = Object.entries(durations)
  const total = parts.reduce((sum, [, ms]) => sum + ms, 0)
  if (total <= 0) return null
  return (
    <section aria-label={text('training.durations')}>
      <h3 className="mb-1 font-semibold text-xs">{text('training.durations')}</h3>
      <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-1 text-xs md:max-w-xl">
        {parts.map(([part, ms]) => (
          <div key={part} className="contents">
            <dt className="text-soft">{part}</dt>
            <dd aria-hidden="true" className="h-2 bg-sunk">
              <span className="block h-full bg-series-1" style={{ width: `${(ms / total) * 100}%` }} />
            </dd>
            <dd className="text-right">{span(ms)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
