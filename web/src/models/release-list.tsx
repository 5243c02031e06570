// All releases of the run with their verdict; two can be ticked and compared.

import type { ReleaseView } from '../../../src/api/schemas/releases.ts'
import { fixed } from '../base/format.ts'
import { dateOf } from '../base/time.ts'
import { Button } from '../kit/button.tsx'
import { type Column, DataTable } from '../kit/data-table.tsx'
import { Empty } from '../kit/states.tsx'
import { Tag } from '../kit/tag.tsx'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'
import { ReleaseTag } from './release-state.tsx'

type ReleaseListProps = {
  readonly releases: readonly ReleaseView[]
  readonly open: string | undefined
  readonly compared: readonly string[]
  readonly onOpen: (digest: string) => void
  readonly onCompare: (digest: string) => void
  readonly onShowCompared: () => void
}

const columnsOf = ({
  compared,
  onCompare,
}: Pick<ReleaseListProps, 'compared' | 'onCompare'>): readonly Column<ReleaseView>[] => [
  {
    id: 'compare',
    header: <span className="sr-only">{text('models.compare')}</span>,
    cell: ({ digest, label }) => (
      <input
        type="checkbox"
        aria-label={text('models.compareOne', { label })}
        checked={compared.includes(digest)}
        onClick={event => event.stopPropagation()}
        onChange={() => onCompare(digest)}
        className="size-4 accent-brass"
      />
    ),
  },
  {
    id: 'label',
    header: <Term name="release">{text('word.release')}</Term>,
    cell: ({ label }) => <span className="whitespace-nowrap font-medium">{label}</span>,
  },
  {
    id: 'state',
    header: text('models.state'),
    cell: ({ state, blocked }) => <ReleaseTag state={state} blocked={blocked} />,
  },
  { id: 'by', header: <Term name="gate">{text('models.decidedBy')}</Term>, cell: ({ decidedBy }) => decidedBy ?? '' },
  {
    id: 'seen',
    header: text('models.seen'),
    cell: ({ firstSeen }) => <span className="whitespace-nowrap">{dateOf(firstSeen, 'UTC')}</span>,
  },
  {
    id: 'effective',
    header: <Term name="effectiveRows">{text('word.effectiveRows')}</Term>,
    figure: true,
    wide: true,
    cell: ({ effectiveRows, thin }) => (
      <span className="inline-flex items-center gap-1.5">
        {thin && <Tag>{text('word.thin')}</Tag>}
        {fixed(effectiveRows, 0)}
      </span>
    ),
  },
]

export function ReleaseList({ releases, open, compared, onOpen, onCompare, onShowCompared }: ReleaseListProps) {
  if (releases.length === 0) {
    return (
      <div className="p-3">
        <Empty title={text('models.none')}>{text('models.none.why')}</Empty>
      </div>
    )
  }
  return (
    <>
      <DataTable
        label={text('models.releases')}
        columns={columnsOf({ compared, onCompare })}
        rows={releases}
        keyOf={({ digest }) => digest}
        onOpen={({ digest }) => onOpen(digest)}
        isOpen={({ digest }) => digest === open}
        className="max-h-[36rem]"
      />
      <div className="flex items-center gap-3 px-3 py-1.5 text-mute text-xs">
        {text('models.compare.how')}
        <Button className="ml-auto" disabled={compared.length !== 2} onClick={onShowCompared}>
          {text('models.compare')}
        </Button>
      </div>
    </>
  )
}
