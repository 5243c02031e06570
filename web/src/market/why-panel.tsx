// Why one decision came out as it did: beside the chart where there is room, else in front of it.

import { useQuery } from '@tanstack/react-query'
import type { Explanation } from '../../../src/api/schemas/market.ts'
import { explanationQuery } from '../api/queries.ts'
import { useMedia } from '../browser/use-media.ts'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { Icon } from '../kit/icon.tsx'
import { Panel } from '../kit/panel.tsx'
import { Ask } from '../kit/states.tsx'
import { text } from '../texts/text.ts'
import { WhyChecks } from './why-checks.tsx'
import { WhyLineage } from './why-lineage.tsx'
import { WhySizing } from './why-sizing.tsx'
import { WhySummary } from './why-summary.tsx'
import { WhyVotes } from './why-votes.tsx'

type WhyPanelProps = { readonly run: string; readonly seq: number; readonly onClose: () => void }

export function WhyPanel({ run, seq, onClose }: WhyPanelProps) {
  const beside = useMedia('(min-width: 80rem)')
  const asked = useQuery(explanationQuery(run, seq))
  const title = text('why.title', { seq })
  const content = (
    <Ask query={asked} what={text('why.what')}>
      {explanation => <Why explanation={explanation} />}
    </Ask>
  )
  if (!beside) {
    return (
      <Dialog title={title} onClose={onClose}>
        {content}
      </Dialog>
    )
  }
  return (
    <div className="sticky top-15">
      <Panel
        title={title}
        scroll
        className="max-h-[calc(100dvh-4.5rem)]"
        actions={
          <Button kind="bare" aria-label={text('dialog.close')} onClick={onClose}>
            <Icon name="close" size={14} />
          </Button>
        }
      >
        {content}
      </Panel>
    </div>
  )
}

function Why({ explanation }: { readonly explanation: Explanation }) {
  return (
    <div className="flex flex-col gap-4 text-xs">
      <WhySummary explanation={explanation} />
      <WhyVotes explanation={explanation} />
      <WhyChecks explanation={explanation} />
      <WhySizing sizing={explanation.sizing} />
      <WhyLineage explanation={explanation} />
    </div>
  )
}
