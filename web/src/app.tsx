// The pages in their frame; each page's code is fetched when it is first opened.

import { type ComponentType, lazy, Suspense, useEffect } from 'react'
import type { PageName } from './base/route.ts'
import { Frame } from './frame/frame.tsx'
import { useRoute } from './frame/use-route.ts'
import { Boundary } from './kit/boundary.tsx'
import { Loading } from './kit/states.tsx'
import { OverviewPage } from './overview/overview-page.tsx'
import { text } from './texts/text.ts'

const PAGES: Readonly<Record<PageName, ComponentType>> = {
  overview: OverviewPage,
  market: lazy(async () => ({ default: (await import('./market/market-page.tsx')).MarketPage })),
  models: lazy(async () => ({ default: (await import('./models/models-page.tsx')).ModelsPage })),
  training: lazy(async () => ({ default: (await import('./training/training-page.tsx')).TrainingPage })),
}

export function App() {
  const { page } = useRoute()
  const Page = PAGES[page]
  useEffect(() => {
    document.title = `${text(`nav.${page}`)} · Ratchet`
    window.scrollTo(0, 0)
  }, [page])
  return (
    <Frame page={page}>
      <h1 className="sr-only">{text(`nav.${page}`)}</h1>
      <Boundary key={page}>
        <Suspense fallback={<Loading what={text(`nav.${page}`)} />}>
          <Page />
        </Suspense>
      </Boundary>
    </Frame>
  )
}
