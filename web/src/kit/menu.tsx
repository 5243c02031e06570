// A small sheet below a button; Esc, a click elsewhere and leaving it with Tab close it.

import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Button, type ButtonProps } from './button.tsx'

type MenuProps = {
  readonly label: ReactNode
  /** Name of the button where its label is only a picture. */
  readonly name?: string
  readonly button?: ButtonProps
  /** `start` where the button stands left on narrow screens. */
  readonly align?: 'start' | 'end'
  readonly children: ReactNode
}

export function Menu({ label, name, button, align = 'end', children }: MenuProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return undefined
    const outside = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false)
    }
    const escape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    document.addEventListener('keydown', escape)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
      document.removeEventListener('keydown', escape)
    }
  }, [open])
  return (
    <div ref={root} className="relative">
      <Button
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={name}
        {...button}
        onClick={() => setOpen(!open)}
      >
        {label}
      </Button>
      {open && (
        <div
          id={id}
          className={`absolute top-full z-40 mt-1 flex w-max max-w-[calc(100vw-1.5rem)] flex-col gap-3 rounded-md border border-strong-line bg-raised p-3 shadow-xl ${align === 'end' ? 'right-0' : 'max-md:left-0 md:right-0'}`}
        >
          {children}
        </div>
      )}
    </div>
  )
}
