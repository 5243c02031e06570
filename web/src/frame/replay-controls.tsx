// The replay under the reader's hand: pause, speed, a date to jump to, a new beginning, and a bad release to see it refused.

import { useState } from 'react'
import { session } from '../base/time.ts'
import { Button } from '../kit/button.tsx'
import { Field } from '../kit/field.tsx'
import { Icon } from '../kit/icon.tsx'
import { Menu } from '../kit/menu.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { useAct } from './announcer.tsx'

/** `null` is as fast as it goes. The first is the speed of the demonstration (DEMO-02). */
const SPEEDS = [
  { id: 'speed.1x', barsPerSecond: 12 },
  { id: 'speed.10x', barsPerSecond: 120 },
  { id: 'speed.max', barsPerSecond: null },
] as const

export function ReplayControls() {
  const act = useAct()
  const live = useLive(({ picture }) => picture?.live ?? null)
  const lost = useLive(({ link }) => link !== 'live')
  const ended = useLive(({ picture }) => picture?.status.run?.state !== 'running')
  const paused = live?.state === 'paused'
  const off = lost || ended || live === null
  // A loop by the clock has a time that nobody turns.
  if (live?.nextTrainingAt !== undefined) return null
  return (
    <fieldset aria-label={text('replay.group')} className="flex items-center gap-1.5">
      <Button
        disabled={off}
        aria-label={text(paused ? 'replay.continue' : 'replay.pause')}
        onClick={() => void act('/api/replay', { action: paused ? 'continue' : 'pause' })}
      >
        <Icon name={paused ? 'play' : 'pause'} size={14} />
        <span className="max-2xl:sr-only">{text(paused ? 'replay.continue' : 'replay.pause')}</span>
      </Button>
      <div className="flex max-md:hidden">
        {SPEEDS.map(({ id, barsPerSecond }, i) => (
          <Button
            key={id}
            disabled={off}
            on={live !== null && live.barsPerSecond === barsPerSecond}
            title={text(`${id}.why`)}
            className={i === 0 ? 'rounded-r-none' : i === 1 ? '-ml-px rounded-none' : '-ml-px rounded-l-none'}
            onClick={() => void act('/api/replay', { action: 'speed', barsPerSecond })}
          >
            {text(id)}
          </Button>
        ))}
      </div>
      <Menu
        align="start"
        label={
          <>
            {text('replay.more')}
            <Icon name="down" size={12} />
          </>
        }
      >
        <MoreControls off={off} lost={lost} />
      </Menu>
    </fieldset>
  )
}

function MoreControls({ off, lost }: { readonly off: boolean; readonly lost: boolean }) {
  const act = useAct()
  const run = useLive(({ picture }) => picture?.status.run ?? null)
  const [date, setDate] = useState(run?.clock === null || run === null ? '' : session(run.clock))
  const [seed, setSeed] = useState(run?.seed ?? '1')
  return (
    <div className="flex w-56 flex-col gap-4 sm:w-64">
      <div className="flex flex-wrap gap-1.5 md:hidden">
        {SPEEDS.map(({ id, barsPerSecond }) => (
          <Button key={id} disabled={off} onClick={() => void act('/api/replay', { action: 'speed', barsPerSecond })}>
            {text(id)}
          </Button>
        ))}
      </div>
      <form
        className="flex items-end gap-2"
        onSubmit={event => {
          event.preventDefault()
          void act('/api/replay', { action: 'jump', to: Date.parse(`${date}T00:00:00Z`) })
        }}
      >
        <Field label={text('replay.jump')} type="date" required value={date} onChange={setDate} />
        <Button type="submit" disabled={off}>
          {text('replay.jump.go')}
        </Button>
      </form>
      <form
        className="flex items-end gap-2"
        onSubmit={event => {
          event.preventDefault()
          void act('/api/replay', { action: 'restart', seed: Number(seed) })
        }}
      >
        <Field label={text('replay.restart')} type="number" min={0} required value={seed} onChange={setSeed} />
        <Button type="submit" disabled={lost}>
          {text('replay.restart.go')}
        </Button>
      </form>
      <div className="flex flex-col gap-1 border-line border-t pt-3">
        <Button disabled={lost} onClick={() => void act('/api/drills', { name: 'forged-release' })}>
          <Icon name="drill" size={14} />
          {text('replay.drill')}
        </Button>
        <p className="text-mute text-xs">{text('replay.drill.why')}</p>
      </div>
    </div>
  )
}
