// Two releases side by side: verdict, data, and each metric on its own holdout.

import { useQueries } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ReleaseDetail } from '../../../src/api/schemas/releases.ts'
import { releaseQuery } from '../api/queries.ts'
import { fixed, whole } from '../base/format.ts'
import { dateOf } from '../base/time.ts'
import { type Column, DataTable } from '../kit/data-table.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { Broken, Loading } from '../kit/states.tsx'
import { text } from '../texts/text.ts'
import { metricName } from './metric-name.ts'
import { MetricValue } from './metric-table.tsx'

type CompareDialogProps = { readonly digests: readonly [string, string]; readonly onClose: () => void }

type Row = { readonly name: string; readonly of: (release: ReleaseDetail) => ReactNode }

const FACTS: readonly Row[] = [
  { name: text('models.state'), of: ({ state }) => text(`state.${state}`) },
  { name: text('models.decidedBy'), of: ({ decidedBy }) => decidedBy ?? '' },
  { name: text('lineage.fit'), of: ({ fit: [from, to] }) => `${dateOf(from, 'UTC')} – ${dateOf(to, 'UTC')}` },
  { name: text('word.holdout'), of: ({ holdout: [from, to] }) => `${dateOf(from, 'UTC')} – ${dateOf(to, 'UTC')}` },
  { name: text('word.effectiveRows'), of: ({ rows }) => `${fixed(rows.effective, 1)} / ${whole(rows.total)}` },
  { name: text('word.trials'), of: ({ trials }) => whole(trials) },
  { name: text('compare.standIns'), of: ({ baselineRoles }) => baselineRoles.join(', ') },
  { name: text('lineage.code'), of: ({ lineage }) => lineage.codeVersion },
]

function metricRows(releases: readonly ReleaseDetail[]): readonly Row[] {
  const keys = new Set(
    releases.flatMap(({ roles }) => roles.flatMap(({ role, metrics }) => metrics.map(({ name }) => `${role} ${name}`))),
  )
  return [...keys].map(key => {
    const [role, name] = key.split(' ') as [string, string]
    return {
      name: `${role}: ${metricName(name)}`,
      of: release => {
        const metric = release.roles.find(other => other.role === role)?.metrics.find(other => other.name === name)
        return metric === undefined ? '' : MetricValue({ metric: metric.model })
      },
    }
  })
}

export function CompareDialog({ digests, onClose }: CompareDialogProps) {
  const asked = useQueries({ queries: digests.map(digest => releaseQuery(digest)) })
  const releases = asked.flatMap(({ data }) => (data === undefined ? [] : [data]))
  const failed = asked.find(({ error }) => error !== null)
  const columns: readonly Column<Row>[] = [
    { id: 'name', header: '', cell: ({ name }) => name },
    ...releases.map(
      (release): Column<Row> => ({
        id: release.digest,
        header: release.label,
        figure: true,
        cell: row => row.of(release),
      }),
    ),
  ]
  return (
    <Dialog title={text('compare.title')} onClose={onClose} wide>
      <p className="mb-3 text-mute text-xs">{text('compare.note')}</p>
      {failed !== undefined ? (
        <Broken error={failed.error} />
      ) : releases.length < 2 ? (
        <Loading what={text('models.what')} />
      ) : (
        <DataTable
          label={text('compare.title')}
          columns={columns}
          rows={[...FACTS, ...metricRows(releases)]}
          keyOf={({ name }) => name}
        />
      )}
    </Dialog>
  )
}
