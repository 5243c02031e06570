// Colours of the theme in force, as charts on a canvas need them; and word when the theme changes.

import { useEffect, useState } from 'react'

const NAMES = [
  'panel',
  'ink',
  'soft',
  'mute',
  'line',
  'strong-line',
  'grid',
  'gain',
  'loss',
  'brass',
  'steel',
  'series-1',
  'series-2',
  'series-3',
  'band-1',
  'band-2',
  'band-3',
  'band-4',
  'band-5',
  'band-6',
  'band-7',
  'band-8',
] as const

export type Colors = Readonly<Record<(typeof NAMES)[number], string>>

/** A custom property keeps `light-dark()` unresolved; the colour of an element does not. */
function readColors(): Colors {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const entries = NAMES.map(name => {
    probe.style.color = `var(--color-${name})`
    return [name, getComputedStyle(probe).color] as const
  })
  probe.remove()
  return Object.fromEntries(entries) as Colors
}

export function useColors(): Colors {
  const [colors, set] = useState(readColors)
  useEffect(() => {
    const read = (): void => set(readColors())
    const system = window.matchMedia('(prefers-color-scheme: dark)')
    const chosen = new MutationObserver(read)
    system.addEventListener('change', read)
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      system.removeEventListener('change', read)
      chosen.disconnect()
    }
  }, [])
  return colors
}

/** `rgb(1, 2, 3)` with an opacity. */
export const faded = (color: string, alpha: number): string =>
  color.replace(/^rgba?\(([^)]*)\)$/, (_, parts: string) => `rgba(${parts.split(',').slice(0, 3).join(',')}, ${alpha})`)
