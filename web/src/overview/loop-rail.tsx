// The loop on one rail, left to right and round again: what each stage does now. One that is not built says so.

import { Icon } from '../kit/icon.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { type Stage, stagesOf } from './loop-stages.ts'

export function LoopRail() {
  const status = useLive(({ picture }) => picture?.status ?? null)
  const live = useLive(({ picture }) => picture?.live ?? null)
  const judged = useLive(
    ({ picture }) => picture?.notices.find(notice => notice.topic === 'judged' && !notice.body.drill) ?? null,
  )
  if (status === null) return null
  const verdict =
    judged?.topic !== 'judged'
      ? null
      : judged.body.verdict !== 'refused'
        ? text(`stage.gate.${judged.body.verdict}`, { label: judged.body.label ?? '' })
        : text('stage.gate.refused', { label: judged.body.label ?? '', by: judged.body.decidedBy ?? '' })
  return (
    <section aria-label={text('loop.label')} className="rounded-md border border-line bg-panel">
      <ol className="grid grid-cols-2 sm:grid-cols-3 xl:grid-cols-6">
        {stagesOf(status, live, verdict).map((stage, i) => (
          <StageCell key={stage.name} stage={stage} last={i === 5} />
        ))}
      </ol>
    </section>
  )
}

function StageCell({ stage: { name, state, now }, last }: { readonly stage: Stage; readonly last: boolean }) {
  const active = state === 'active'
  return (
    <li
      aria-current={active ? 'step' : undefined}
      className={`relative flex min-w-0 flex-col gap-0.5 border-line px-3 py-2 max-xl:border-b xl:border-r xl:last:border-r-0 ${state === 'off' ? 'hatched' : ''} ${active ? 'bg-brass-wash' : ''}`}
    >
      <span className="flex items-center gap-1.5 font-semibold text-xs">
        <span
          aria-hidden="true"
          className={`size-2 rounded-full border ${active ? 'breathing border-brass bg-brass' : state === 'off' ? 'border-strong-line border-dashed' : 'border-strong-line'}`}
        />
        {text(`stage.${name}`)}
        {active && <span className="sr-only">{text('stage.active')}</span>}
        <span className="ml-auto text-mute">
          <Icon name={last ? 'back' : 'arrow'} size={13} />
        </span>
      </span>
      <span className="line-clamp-2 min-h-[2.125rem] text-mute text-xs">{now}</span>
    </li>
  )
}
