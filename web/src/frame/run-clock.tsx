// Where the run is: instrument, its own clock with zone, and how much of its bars is done.

import { percent, whole } from '../base/format.ts'
import { instant } from '../base/time.ts'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { usePreferences } from './preferences.tsx'

export function RunClock() {
  const { zone } = usePreferences()
  const run = useLive(({ picture }) => picture?.status.run ?? null)
  const live = useLive(({ picture }) => picture?.live ?? null)
  if (run === null) return <p className="text-mute text-xs">{text('clock.noRun')}</p>
  const share = run.bars === 0 ? 0 : run.barsDone / run.bars
  const warming = run.barsDone < run.warmupBars && run.state === 'running'
  const state = run.state === 'running' ? (live?.state ?? 'running') : run.state
  return (
    <div className="flex min-w-0 flex-col justify-center leading-tight">
      <p className="flex min-w-0 items-baseline gap-2 text-xs">
        <span className="font-semibold">{run.symbol}</span>
        <time className="truncate whitespace-nowrap" title={text('clock.replay')}>
          {instant(run.clock, zone)}
        </time>
      </p>
      <p className="flex items-center gap-2 whitespace-nowrap text-2xs text-mute">
        <progress
          aria-label={text('clock.progress')}
          value={run.barsDone}
          max={run.bars}
          className="thin-progress w-20 xl:w-32"
        />
        {text('clock.bars', { done: whole(run.barsDone), bars: whole(run.bars), share: percent(share, 0) })}
        <span className="font-medium text-soft max-sm:hidden">
          {text(warming ? 'clock.warming' : `clock.${state}`)}
        </span>
      </p>
    </div>
  )
}
