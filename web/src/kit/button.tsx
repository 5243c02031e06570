// Buttons: quiet by default, one strong one where a decision is taken, and the colour of danger only for what stops or takes back.

import type { ComponentProps } from 'react'

type Kind = 'quiet' | 'strong' | 'danger' | 'bare'

const LOOK: Readonly<Record<Kind, string>> = {
  quiet: 'border-line bg-raised text-ink enabled:hover:border-strong-line',
  strong: 'border-ink bg-ink text-panel enabled:hover:opacity-90',
  danger: 'border-halt-fill bg-halt-fill text-white enabled:hover:brightness-110',
  bare: 'border-transparent text-soft enabled:hover:bg-sunk enabled:hover:text-ink',
}

export type ButtonProps = ComponentProps<'button'> & {
  readonly kind?: Kind
  /** It is the one that is in force, as in a group of speeds. */
  readonly on?: boolean | undefined
}

export function Button({ kind = 'quiet', on, className = '', ...rest }: ButtonProps) {
  const look = on === true ? 'border-brass bg-brass-wash text-ink' : LOOK[kind]
  return (
    <button
      type="button"
      aria-pressed={on}
      className={`inline-flex min-h-7 items-center justify-center gap-1.5 whitespace-nowrap rounded-sm border px-2 font-medium text-xs disabled:opacity-45 ${look} ${className}`}
      {...rest}
    />
  )
}
