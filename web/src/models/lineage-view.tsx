// Where a release comes from and what proves it: windows, rows, hashes, signature, parity, files.

import type { ReactNode } from 'react'
import type { ReleaseDetail } from '../../../src/api/schemas/releases.ts'
import { bytes, fixed, short, whole } from '../base/format.ts'
import { dateOf, days, instant } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { type Column, DataTable } from '../kit/data-table.tsx'
import { Tag } from '../kit/tag.tsx'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'

export function LineageView({ release }: { readonly release: ReleaseDetail }) {
  return (
    <div className="flex flex-col gap-4">
      <SignatureFacts release={release} />
      <DataFacts release={release} />
      <ParityFacts roles={release.roles} />
      <DataTable
        label={text('lineage.members')}
        columns={MEMBER_COLUMNS}
        rows={release.members}
        keyOf={({ name }) => name}
        className="-mx-3"
      />
    </div>
  )
}

type Fact = readonly [name: ReactNode, value: ReactNode]

function Facts({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 font-semibold text-xs">{title}</h3>
      <dl className="grid grid-cols-[8rem_1fr] gap-x-3 gap-y-1 text-xs">
        {facts.map(([name, value], i) => (
          <div key={i} className="contents">
            <dt className="text-mute">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Hash({ value }: { readonly value: string }) {
  return <code className="break-all font-mono text-2xs">{value}</code>
}

function SignatureFacts({
  release: { signature, digest, releaseId, issuedAt, expiresAt, lineage },
}: {
  readonly release: ReleaseDetail
}) {
  const { zone } = usePreferences()
  return (
    <Facts
      title={text('word.signature')}
      facts={[
        [
          <Term key="t" name="signature">
            {text('word.signature')}
          </Term>,
          <span key="v" className="inline-flex flex-wrap items-center gap-1.5">
            <Tag tone={signature.valid ? 'good' : 'bad'}>
              {text(signature.valid ? 'signature.valid' : 'signature.invalid')}
            </Tag>
            {signature.algorithms.join(', ')} {signature.fault}
          </span>,
        ],
        [text('lineage.keys'), <Hash key="k" value={signature.keyIds.join(', ')} />],
        [text('lineage.digest'), <Hash key="d" value={digest} />],
        [text('lineage.id'), releaseId],
        [text('lineage.issued'), instant(issuedAt, zone)],
        [text('lineage.expires'), instant(expiresAt, zone)],
        [
          text('lineage.parent'),
          lineage.parentRelease === null ? text('lineage.noParent') : short(lineage.parentRelease),
        ],
      ]}
    />
  )
}

function DataFacts({
  release: { fit, holdout, embargoMs, rows, trials, driftScore, classes, lineage, provenance },
}: {
  readonly release: ReleaseDetail
}) {
  const span = ([from, to]: readonly [number, number]): string => `${dateOf(from, 'UTC')} – ${dateOf(to, 'UTC')}`
  return (
    <Facts
      title={text('lineage.data')}
      facts={[
        [text('lineage.fit'), text('lineage.rowsOf', { span: span(fit), rows: whole(rows.fit) })],
        [
          <Term key="h" name="holdout">
            {text('word.holdout')}
          </Term>,
          text('lineage.rowsOf', { span: span(holdout), rows: whole(rows.holdout) }),
        ],
        [
          <Term key="e" name="embargo">
            {text('word.embargo')}
          </Term>,
          days(embargoMs),
        ],
        [
          <Term key="r" name="effectiveRows">
            {text('word.effectiveRows')}
          </Term>,
          `${fixed(rows.effective, 1)} / ${whole(rows.total)}`,
        ],
        [
          <Term key="t" name="trials">
            {text('word.trials')}
          </Term>,
          whole(trials),
        ],
        [text('lineage.drift'), fixed(driftScore, 3)],
        [text('lineage.classes'), classes.join(', ')],
        [text('data.provenance'), text(`data.provenance.${provenance}`)],
        [
          <Term key="d" name="dataHash">
            {text('word.dataHash')}
          </Term>,
          <Hash key="dh" value={lineage.dataHash} />,
        ],
        [text('lineage.config'), <Hash key="c" value={lineage.configSha256} />],
        [text('lineage.lock'), <Hash key="l" value={lineage.lockfileSha256} />],
        [text('lineage.code'), `${lineage.codeVersion} · ${lineage.platform}`],
        [text('data.seed'), lineage.seed],
        [text('lineage.job'), lineage.jobId],
      ]}
    />
  )
}

function ParityFacts({ roles }: Pick<ReleaseDetail, 'roles'>) {
  return (
    <Facts
      title={text('lineage.parity')}
      facts={roles.map(({ role, parity, file }) => [
        `${role}, ${bytes(file.bytes)}`,
        parity === null
          ? text('lineage.noParity')
          : text('lineage.parityOf', {
              rows: whole(parity.rows),
              error: parity.maxAbsError.toExponential(1),
              ulp: parity.maxUlp,
              flips: parity.decisionFlips,
              runtime: parity.runtime,
            }),
      ])}
    />
  )
}

const MEMBER_COLUMNS: readonly Column<ReleaseDetail['members'][number]>[] = [
  { id: 'name', header: text('lineage.file'), cell: ({ name }) => name },
  { id: 'size', header: text('lineage.size'), figure: true, cell: member => bytes(member.bytes) },
  { id: 'sha', header: 'SHA-256', cell: ({ sha256 }) => <code className="font-mono text-2xs">{short(sha256)}</code> },
]
