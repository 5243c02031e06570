// What a view says when it has nothing to show: what it is, and what to do.

import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { RequestProblem } from '../api/problem.ts'
import { text } from '../texts/text.ts'
import { Button } from './button.tsx'

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="hatched flex min-h-24 flex-col items-center justify-center gap-1 rounded-sm px-4 py-6 text-center">
      <p className="font-medium text-soft text-sm">{title}</p>
      {children !== undefined && <p className="max-w-prose text-mute text-xs">{children}</p>}
    </div>
  )
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <output className="flex min-h-24 items-center justify-center px-4 py-6 text-mute text-xs">
      <span>{text('state.loading', { what })}</span>
    </output>
  )
}

export function Broken({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const problem = error instanceof RequestProblem ? error : undefined
  return (
    <div role="alert" className="flex flex-col items-start gap-2 border-loss border-l-3 bg-loss-wash px-3 py-2">
      <p className="text-loss text-sm">
        {problem?.message ?? text('state.broken')}{' '}
        {problem !== undefined && <code className="text-xs">{problem.code}</code>}
      </p>
      {problem?.hint !== null && problem?.hint !== undefined && <p className="text-soft text-xs">{problem.hint}</p>}
      {onRetry !== undefined && <Button onClick={onRetry}>{text('state.retry')}</Button>}
    </div>
  )
}

/** A query's three ways of having nothing; what is there is shown even when a newer answer failed, and said to be old. */
export function Ask<T>({
  query,
  what,
  children,
}: {
  readonly query: UseQueryResult<T>
  readonly what: string
  readonly children: (data: T) => ReactNode
}) {
  const { data, error, isPending } = query
  if (data === undefined && error !== null) return <Broken error={error} onRetry={() => void query.refetch()} />
  if (isPending || data === undefined) return <Loading what={what} />
  return (
    <>
      {error !== null && <p className="bg-brass-wash px-3 py-1 text-warn text-xs">{text('state.stale', { what })}</p>}
      {children(data)}
    </>
  )
}
