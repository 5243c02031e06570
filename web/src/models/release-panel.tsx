// One release: what the gates said, how good it is, where it comes from, what its card says.

import { useQuery } from '@tanstack/react-query'
import type { ReleaseDetail, ReleaseView } from '../../../src/api/schemas/releases.ts'
import { releaseQuery } from '../api/queries.ts'
import { short } from '../base/format.ts'
import { dateOf } from '../base/time.ts'
import { LOWERED } from '../frame/by-hand.tsx'
import { setQuery, useRoute } from '../frame/use-route.ts'
import { Panel } from '../kit/panel.tsx'
import { Ask } from '../kit/states.tsx'
import { Tabs } from '../kit/tabs.tsx'
import { Tag } from '../kit/tag.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { GateTables } from './gate-tables.tsx'
import { LifeLine } from './life-line.tsx'
import { LineageView } from './lineage-view.tsx'
import { QualityView } from './quality-view.tsx'
import { ReleaseActions } from './release-actions.tsx'
import { ReleaseTag } from './release-state.tsx'

type ReleasePanelProps = {
  readonly digest: string
  /** The page shows the past: nothing may be changed from there. */
  readonly past: boolean
  /** What it was at the time that the page shows. */
  readonly stateThen: ReleaseView['state'] | undefined
  readonly releases: readonly ReleaseView[]
}

export function ReleasePanel({ digest, past, stateThen, releases }: ReleasePanelProps) {
  const asked = useQuery(releaseQuery(digest))
  const title = asked.data?.label ?? short(digest)
  return (
    <Panel
      title={title}
      flush
      note={
        asked.data === undefined ? undefined : (
          <ReleaseTag state={stateThen ?? asked.data.state} blocked={asked.data.blocked} />
        )
      }
      actions={
        asked.data === undefined || past ? undefined : <ReleaseActions release={asked.data} releases={releases} />
      }
    >
      <Ask query={asked} what={text('models.one')}>
        {release => <ReleaseBody release={release} />}
      </Ask>
    </Panel>
  )
}

const TABS = ['gates', 'quality', 'lineage', 'card'] as const

function ReleaseBody({ release }: { readonly release: ReleaseDetail }) {
  const { query } = useRoute()
  const tab = TABS.find(known => known === query['tab']) ?? 'gates'
  const lowered = useLive(({ picture }) => picture?.status.loosened.some(({ key }) => key.startsWith(LOWERED)) === true)
  return (
    <>
      <p className="px-3 pt-2.5 text-sm">{sentence(release)}</p>
      <p className="flex flex-wrap items-center gap-1.5 px-3 pt-1.5 pb-1">
        {release.thin && <Tag tone="warn">{text('models.thin')}</Tag>}
        {release.baselineRoles.map(role => (
          <Tag key={role}>{text('models.standIn', { role })}</Tag>
        ))}
        <Tag tone={release.signature.valid ? 'good' : 'bad'}>
          {text(release.signature.valid ? 'models.signed' : 'models.unsigned')}
        </Tag>
        {lowered && <Tag tone="bad">{text('models.lowered')}</Tag>}
        <Tag>{text('models.expires', { date: dateOf(release.expiresAt, 'UTC') })}</Tag>
      </p>
      <LifeLine release={release} />
      <Tabs
        label={text('models.release')}
        tabs={TABS.map(id => ({ id, label: text(`models.tab.${id}`) }))}
        open={tab}
        onOpen={id => setQuery({ tab: id === 'gates' ? null : id })}
      >
        <div className="p-3">
          {tab === 'gates' && <GateTables release={release} />}
          {tab === 'quality' && <QualityView release={release} />}
          {tab === 'lineage' && <LineageView release={release} />}
          {tab === 'card' && (
            <pre className="max-h-[36rem] overflow-auto whitespace-pre-wrap font-mono text-2xs leading-4" tabIndex={0}>
              {release.card}
            </pre>
          )}
        </div>
      </Tabs>
    </>
  )
}

function sentence({ state, decidedBy, reason, champion, gates }: ReleaseDetail): string {
  if (state === 'refused') return text('models.refused', { by: decidedBy ?? '?', reason: reason ?? '' })
  if (state === 'waiting') return text('models.waiting')
  if (gates.length === 0) return text('models.notJudged')
  return champion === null
    ? text('models.passedFirst')
    : text('models.passed', { champion: champion.label ?? short(champion.digest) })
}
