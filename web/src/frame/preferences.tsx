// Theme and time zone of this reader, kept in this browser.

import { createContext, type ReactNode, useContext, useLayoutEffect } from 'react'
import type { ZoneChoice } from '../base/time.ts'
import { useSaved } from '../browser/saved.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export const ZONES = ['browser', 'America/New_York', 'UTC'] as const satisfies readonly ZoneChoice[]

export type Theme = (typeof THEMES)[number]

type Preferences = {
  readonly theme: Theme
  readonly setTheme: (theme: Theme) => void
  readonly zone: ZoneChoice
  readonly setZone: (zone: ZoneChoice) => void
}

const PreferencesContext = createContext<Preferences | null>(null)

export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [theme, setTheme] = useSaved<Theme>('theme', THEMES)
  const [zone, setZone] = useSaved<ZoneChoice>('zone', ZONES)
  useLayoutEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])
  return <PreferencesContext value={{ theme, setTheme, zone, setZone }}>{children}</PreferencesContext>
}

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext)
  if (preferences === null) throw new Error('usePreferences is used outside of PreferencesProvider')
  return preferences
}
