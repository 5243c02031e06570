// A consumer of the event stream on a socket of its own, with a parser that knows nothing of ours (WHATWG HTML, server-sent events).

import { get, type IncomingMessage } from 'node:http'

export type Told = { readonly id: string; readonly event: string; readonly data: string }

export type Consumer = {
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>
  /** The answer once it began. */
  readonly response: Promise<IncomingMessage>
  readonly drop: () => void
}

/** @param onEvent with each complete event; comments and `retry` are left out */
export function consume(url: string, lastEventId: string | undefined, onEvent: (told: Told) => void): Consumer {
  const begun = Promise.withResolvers<IncomingMessage>()
  const ended = Promise.withResolvers<void>()
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
  const request = get(url, { headers, agent: false }, response => {
    begun.resolve(response)
    let rest = ''
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      if (response.destroyed) return
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        const fields = new Map<string, string>()
        for (const line of block.split('\n')) {
          const [, name, value] = /^([^:]*): ?(.*)$/.exec(line) ?? []
          if (name !== undefined && name !== '') fields.set(name, value!)
        }
        const data = fields.get('data')
        if (data !== undefined) onEvent({ id: fields.get('id') ?? '', event: fields.get('event') ?? 'message', data })
        if (response.destroyed) return
      }
    })
    response.on('close', () => ended.resolve())
    response.on('error', () => undefined)
  })
  request.on('error', cause => {
    begun.reject(cause)
    ended.resolve()
  })
  begun.promise.catch(() => undefined)
  return { ended: ended.promise, response: begun.promise, drop: () => request.destroy() }
}
