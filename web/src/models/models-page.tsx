// Releases: what was trained, judged, installed, refused and taken back, now and at any time of the run.

import { useQuery } from '@tanstack/react-query'
import { releasesQuery } from '../api/queries.ts'
import { setQuery, useRoute } from '../frame/use-route.ts'
import { Panel } from '../kit/panel.tsx'
import { Ask, Empty, Loading } from '../kit/states.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { CompareDialog } from './compare-dialog.tsx'
import { DrillCard } from './drill-card.tsx'
import { ReleaseList } from './release-list.tsx'
import { ReleasePanel } from './release-panel.tsx'
import { releasesThen } from './releases-then.ts'
import { SlotHistory } from './slot-history.tsx'
import { TimeTravel } from './time-travel.tsx'

export function ModelsPage() {
  const known = useLive(({ picture }) => picture !== null)
  const run = useLive(({ picture }) => picture?.status.run?.runId ?? null)
  if (!known) return <Loading what={text('models.what')} />
  if (run === null) return <Empty title={text('overview.noRun')}>{text('overview.noRun.what')}</Empty>
  return <ModelsOfRun key={run} run={run} />
}

function ModelsOfRun({ run }: { readonly run: string }) {
  const { query } = useRoute()
  const releases = useQuery(releasesQuery(run))
  const inCharge = useLive(({ picture }) => picture?.status.slots[0]?.digest ?? null)
  const compared = query['compare']?.split(',').filter(Boolean) ?? []
  const comparing = query['side'] === 'by-side'
  const past = query['at'] === undefined ? null : Number(query['at'])
  return (
    <div
      className={`flex flex-col gap-3 ${past === null ? '' : 'rounded-md outline-2 outline-brass outline-dashed outline-offset-4'}`}
    >
      <Ask query={releases} what={text('models.what')}>
        {all => {
          const shown = releasesThen(all, past ?? Number.POSITIVE_INFINITY)
          const open =
            all.find(({ digest, releaseId }) => digest === query['release'] || releaseId === query['release'])
              ?.digest ??
            query['release'] ??
            shown.find(({ state }) => state === 'active')?.digest ??
            inCharge ??
            shown[0]?.digest
          return (
            <>
              <TimeTravel run={run} releases={all} past={past} />
              <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
                <div className="flex min-w-0 flex-col gap-3">
                  <Panel
                    title={text('models.releases')}
                    note={text(past === null ? 'models.count' : 'models.countThen', { count: shown.length })}
                    flush
                  >
                    <ReleaseList
                      releases={shown}
                      open={open}
                      compared={compared}
                      onOpen={digest => setQuery({ release: digest })}
                      onCompare={digest =>
                        setQuery({
                          compare:
                            (compared.includes(digest)
                              ? compared.filter(other => other !== digest)
                              : [...compared.slice(-1), digest]
                            ).join(',') || null,
                        })
                      }
                      onShowCompared={() => setQuery({ side: 'by-side' })}
                    />
                  </Panel>
                  <SlotHistory until={past} />
                  <DrillCard />
                </div>
                {open === undefined ? (
                  <Empty title={text('models.none')}>{text('models.none.why')}</Empty>
                ) : (
                  <ReleasePanel
                    key={open}
                    digest={open}
                    past={past !== null}
                    stateThen={shown.find(({ digest }) => digest === open)?.state}
                    releases={all}
                  />
                )}
              </div>
            </>
          )
        }}
      </Ask>
      {comparing && compared.length === 2 && (
        <CompareDialog digests={[compared[0]!, compared[1]!]} onClose={() => setQuery({ side: null })} />
      )}
    </div>
  )
}
