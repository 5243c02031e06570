// Says what an action came to, politely and for a while, wherever the reader is.

import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { RequestProblem } from '../api/problem.ts'
import { post } from '../api/request.ts'
import { after } from '../browser/clock.ts'
import { Button } from '../kit/button.tsx'
import { Icon } from '../kit/icon.tsx'
import { useRefresh } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'

type Message = { readonly words: string; readonly bad: boolean }

type Act = (path: string, body: unknown) => Promise<boolean>

const ActContext = createContext<Act | null>(null)

const SHOWN_MS = 9000

export function Announcer({ children }: { readonly children: ReactNode }) {
  const [message, setMessage] = useState<Message | null>(null)
  useEffect(() => (message === null || message.bad ? undefined : after(SHOWN_MS, () => setMessage(null))), [message])
  const refresh = useRefresh()
  const act: Act = async (path, body) => {
    try {
      setMessage({ words: await post(path, body), bad: false })
      refresh()
      return true
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error
      setMessage({
        words: [error.message, error.hint].filter(part => part !== null && part !== '').join(' '),
        bad: true,
      })
      return false
    }
  }
  return (
    <ActContext value={act}>
      {children}
      <div
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-16 z-50 flex justify-center lg:bottom-4"
      >
        {message !== null && (
          <p
            className={`pointer-events-auto flex max-w-xl items-center gap-2 rounded-md border bg-raised py-1.5 pr-1.5 pl-3 text-sm shadow-xl ${message.bad ? 'border-loss text-loss' : 'border-strong-line'}`}
          >
            <Icon name={message.bad ? 'warn' : 'check'} />
            <span className="min-w-0">{message.words}</span>
            <Button kind="bare" aria-label={text('announce.dismiss')} onClick={() => setMessage(null)}>
              <Icon name="close" size={14} />
            </Button>
          </p>
        )}
      </div>
    </ActContext>
  )
}

/** Posts, says what was done or why not; true when it was done. */
export function useAct(): Act {
  const act = useContext(ActContext)
  if (act === null) throw new Error('useAct is used outside of Announcer')
  return act
}
