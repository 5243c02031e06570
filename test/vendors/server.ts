// A vendor's JSON interface on the loopback address, which fails on schedule: answers come from a function, faults from a list.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export type VendorFault = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** In place of the answer. */
  readonly body?: string
  /** The connection breaks after so many bytes of the body. */
  readonly cut?: number
  /** No Content-Length, and the body ends there as if it were whole. */
  readonly short?: number
  /** Nothing is ever said. */
  readonly silent?: true
  /** The answer of the real vendor, changed. */
  readonly mend?: (body: Record<string, unknown>) => unknown
}

export type VendorRequest = { readonly url: URL; readonly authorization: string | undefined }

export type VendorServer = {
  readonly url: string
  readonly requests: readonly VendorRequest[]
  /** The faults of the next requests, one each; undefined is none. */
  schedule(...faults: readonly (VendorFault | undefined)[]): void
  /** Called before each answer. */
  onRequest(listener: (request: VendorRequest) => void): void
}

export type Answered = { readonly status: number; readonly body: unknown }

/** @param answer what the vendor says to a request */
export async function vendorServer(
  context: TestContext,
  answer: (request: VendorRequest) => Answered,
): Promise<VendorServer> {
  const requests: VendorRequest[] = []
  let faults: (VendorFault | undefined)[] = []
  let listener: (request: VendorRequest) => void = () => undefined
  const server = createServer((message, response) => {
    const request = { url: new URL(message.url ?? '/', url), authorization: message.headers.authorization }
    requests.push(request)
    listener(request)
    reply(message, response, answer(request), faults.shift() ?? {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url,
    requests,
    schedule: (...next) => {
      faults = [...next]
    },
    onRequest: next => {
      listener = next
    },
  }
}

function reply(
  message: IncomingMessage,
  response: ServerResponse,
  { status, body }: Answered,
  fault: VendorFault,
): void {
  if (fault.silent === true) return
  const meant = fault.mend === undefined ? body : fault.mend(structuredClone(body) as Record<string, unknown>)
  const text = fault.body ?? (fault.status === undefined ? JSON.stringify(meant) : '')
  const bytes = Buffer.from(text)
  const length: Record<string, string> = fault.short === undefined ? { 'content-length': `${bytes.length}` } : {}
  response.writeHead(fault.status ?? status, { 'content-type': 'application/json', ...length, ...fault.headers })
  if (fault.short !== undefined) response.end(bytes.subarray(0, fault.short))
  else if (fault.cut === undefined) response.end(bytes)
  else response.write(bytes.subarray(0, fault.cut), () => setTimeout(() => message.socket.resetAndDestroy(), 20))
}
