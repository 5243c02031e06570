// Where the bars come from, what they are called by, and how to bring your own.

import { short, whole } from '../base/format.ts'
import { Panel } from '../kit/panel.tsx'
import { Term } from '../kit/term.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'

export function DataCard() {
  const note = useLive(({ picture }) => picture?.status.dataNote ?? '')
  const run = useLive(({ picture }) => picture?.status.run ?? null)
  if (run === null) return null
  const facts: readonly (readonly [string, string])[] = [
    [text('data.symbol'), `${run.symbol}, ${whole(run.bars)} ${text('data.bars')}`],
    [text('data.provenance'), text(`data.provenance.${run.provenance}`)],
    [text('data.seed'), run.seed],
  ]
  return (
    <Panel title={text('data.title')}>
      <p className="text-soft text-xs">{note}</p>
      <dl className="my-3 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-mute">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <dt className="text-mute">
          <Term name="dataHash">{text('data.hash')}</Term>
        </dt>
        <dd className="truncate font-mono" title={run.dataHash}>
          {short(run.dataHash)}
        </dd>
      </dl>
      <p className="text-mute text-xs">{text('data.own')}</p>
      <pre className="mt-1 overflow-x-auto rounded-sm bg-sunk px-2 py-1.5 font-mono text-2xs" tabIndex={0}>
        ./ratchet up --bars FILE.csv --symbol SYM
      </pre>
    </Panel>
  )
}
