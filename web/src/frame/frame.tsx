// What stands around every page: who we are, what is at stake, where the run is, and the switch that stops it.

import { type ReactNode, useState } from 'react'
import type { PageName } from '../base/route.ts'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { ByHand } from './by-hand.tsx'
import { ConnectionRibbon } from './connection-ribbon.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { HonestyBanner } from './honesty-banner.tsx'
import { KillSwitch } from './kill-switch.tsx'
import { Logo } from './logo.tsx'
import { ModeBadge } from './mode-badge.tsx'
import { Navigation } from './navigation.tsx'
import { PauseEntries } from './pause-entries.tsx'
import { ReplayControls } from './replay-controls.tsx'
import { RunClock } from './run-clock.tsx'
import { SettingsMenu } from './settings-menu.tsx'
import { useKeys } from './use-keys.ts'

export function Frame({ page, children }: { readonly page: PageName; readonly children: ReactNode }) {
  const [open, setOpen] = useState<'help' | 'kill' | null>(null)
  const mode = useLive(({ picture }) => picture?.status.mode)
  useKeys({ help: () => setOpen('help'), kill: () => setOpen('kill') })
  return (
    <div className="min-h-dvh max-lg:pb-14">
      <a
        href="#main"
        className="sr-only z-50 bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-1 focus:left-1"
        onClick={focusMain}
      >
        {text('frame.skip')}
      </a>
      <header className="sticky top-0 z-40 flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1.5 border-line border-b bg-panel px-3 py-1.5">
        <Logo />
        {mode !== undefined && <ModeBadge mode={mode} />}
        <div className="min-w-0 max-md:order-last max-md:grow">
          <RunClock />
        </div>
        <div className="flex items-center gap-1.5 max-md:order-last md:ml-auto">
          <ReplayControls />
          <PauseEntries />
        </div>
        <div className="flex items-center gap-1.5 max-md:ml-auto">
          <KillSwitch asked={open === 'kill'} onAsk={() => setOpen('kill')} onClose={() => setOpen(null)} />
          <SettingsMenu onHelp={() => setOpen('help')} />
        </div>
      </header>
      <div className="lg:flex">
        <Navigation page={page} />
        <div className="min-w-0 grow">
          <ConnectionRibbon />
          <HonestyBanner />
          <ByHand />
          <main id="main" tabIndex={-1} className="mx-auto max-w-[120rem] p-3 outline-none">
            {children}
          </main>
        </div>
      </div>
      {open === 'help' && <HelpDialog onClose={() => setOpen(null)} />}
    </div>
  )
}

/** The address keeps the page, so the link does not change it. */
function focusMain(event: { preventDefault: () => void }): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#main')?.focus()
}
