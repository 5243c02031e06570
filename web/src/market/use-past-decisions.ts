// Reads the decisions behind the bars on the chart, newest first, page by page, until all bars know theirs.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { RequestProblem } from '../api/problem.ts'
import { decisionsQuery } from '../api/queries.ts'
import { useLiveStore } from '../live/live-provider.tsx'
import { mergeDecisions } from './merge-decisions.ts'

/** The most that the API gives at once. */
const PAGE = 500

/** @returns how many bars were told; the chart is drawn anew when it changes. `failed`: bands and strips are incomplete */
export function usePastDecisions(
  run: string,
  until: number | undefined,
): { readonly told: number; readonly failed: boolean } {
  const store = useLiveStore()
  const client = useQueryClient()
  const [told, setTold] = useState(0)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let stopped = false
    const read = async (): Promise<void> => {
      let cursor: string | undefined
      do {
        const page = await client.fetchQuery({ ...decisionsQuery({ run, to: until, cursor, limit: PAGE }), gcTime: 0 })
        const picture = store.get().picture
        if (stopped || picture?.status.run?.runId !== run) return
        const learned = mergeDecisions(picture.bars, page.items)
        if (learned > 0) setTold(count => count + learned)
        const oldest = page.items.at(-1)?.bar ?? 0
        cursor = oldest > (picture.bars[0]?.index ?? 0) ? (page.next ?? undefined) : undefined
      } while (cursor !== undefined)
    }
    read().catch((error: unknown) => {
      if (!(error instanceof RequestProblem)) throw error
      if (!stopped) setFailed(true)
    })
    return () => {
      stopped = true
    }
  }, [client, run, store, until])
  return { told, failed }
}
