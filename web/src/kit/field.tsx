// One labelled input.

import type { ComponentProps } from 'react'

type FieldProps = Omit<ComponentProps<'input'>, 'onChange'> & {
  readonly label: string
  readonly onChange: (value: string) => void
}

export function Field({ label, onChange, className = '', ...rest }: FieldProps) {
  return (
    <label className="flex min-w-0 grow flex-col gap-0.5 text-mute text-xs">
      {label}
      <input
        {...rest}
        onChange={event => onChange(event.currentTarget.value)}
        className={`min-h-7 w-full rounded-sm border border-strong-line bg-panel px-2 text-ink text-sm ${className}`}
      />
    </label>
  )
}
