// Starts the dashboard in its page.

import './app.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { Announcer } from './frame/announcer.tsx'
import { PreferencesProvider } from './frame/preferences.tsx'
import { LiveProvider } from './live/live-provider.tsx'

const client = new QueryClient({
  // Events say what is out of date; a lost connection is seen by the stream, so one more try is enough.
  defaultOptions: { queries: { staleTime: 30_000, gcTime: 120_000, retry: 1, refetchOnWindowFocus: false } },
})

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <PreferencesProvider>
        <LiveProvider>
          <Announcer>
            <App />
          </Announcer>
        </LiveProvider>
      </PreferencesProvider>
    </QueryClientProvider>
  </StrictMode>,
)
