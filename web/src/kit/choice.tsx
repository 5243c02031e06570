// One of a few, as a labelled list.

type ChoiceProps<T extends string> = {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly words: string }[]
  readonly onChange: (value: T) => void
  /** The one that `/` goes to. */
  readonly filter?: boolean
  readonly inline?: boolean
}

export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  filter = false,
  inline = false,
}: ChoiceProps<T>) {
  return (
    <label className={`flex gap-x-2 gap-y-0.5 text-mute text-xs ${inline ? 'items-center' : 'flex-col'}`}>
      {label}
      <select
        value={value}
        data-filter={filter ? '' : undefined}
        onChange={event => {
          const next = options.find(option => option.value === event.currentTarget.value)
          if (next !== undefined) onChange(next.value)
        }}
        className="min-h-7 rounded-sm border border-strong-line bg-panel px-1.5 text-ink text-xs"
      >
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.words}
          </option>
        ))}
      </select>
    </label>
  )
}
