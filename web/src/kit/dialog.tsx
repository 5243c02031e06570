// A question in front of the page: the browser's own dialog keeps the focus inside and Esc closes it.

import { type ReactNode, useEffect, useId, useRef } from 'react'
import { text } from '../texts/text.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

type DialogProps = {
  readonly title: string
  readonly onClose: () => void
  readonly wide?: boolean
  readonly children: ReactNode
}

/** Open as long as it is rendered. */
export function Dialog({ title, onClose, wide = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    element?.querySelector<HTMLElement>('[data-first]')?.focus()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      className={`max-h-[min(44rem,calc(100dvh-2rem))] w-[calc(100vw-2rem)] overflow-hidden rounded-lg border border-strong-line bg-panel text-ink shadow-2xl open:flex open:flex-col ${wide ? 'max-w-4xl' : 'max-w-lg'}`}
    >
      <div className="flex items-center gap-3 border-line border-b px-4 py-2.5">
        <h2 id={heading} className="font-semibold text-base">
          {title}
        </h2>
        <Button kind="bare" className="ml-auto" aria-label={text('dialog.close')} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      <section aria-label={title} className="overflow-y-auto p-4" tabIndex={-1}>
        {children}
      </section>
    </dialog>
  )
}
