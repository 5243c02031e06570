// A web server that fails on schedule: the one language in which network faults are written (harness word NET). It speaks HTTP by hand,
// so that it can also say what no proper server would.

import { once } from 'node:events'
import { type AddressInfo, createServer as plainServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer as tlsServer } from 'node:tls'

/** What goes wrong with an answer; several things may. Offsets count bytes of the body, negative ones from its end. */
export type NetFault = {
  /** Silence before the answer. */
  readonly latencyMs?: number
  /** The connection is reset before an answer. */
  readonly refuse?: true
  /** No word after the connection, or after the headers, or after so many bytes. */
  readonly stall?: 'connection' | 'headers' | number
  /** The connection is reset after so many bytes. */
  readonly cut?: number
  /** One byte at a time. */
  readonly bytesPerSecond?: number
  /** Added to the true Content-Length. */
  readonly lengthOff?: number
  /** No Content-Length: the end of the connection is the end of the body. */
  readonly noLength?: true
  /** After the body come zeros, 64 MiB of them, and then no end. */
  readonly endless?: true
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** In place of the object. */
  readonly body?: Uint8Array
  /** The object with one bit of its middle byte changed. */
  readonly flip?: true
  /** In place of the whole answer. */
  readonly raw?: string
  /** Said at once, before anything was asked. */
  readonly blurt?: string
  /** Answers as if it knew no ranges, or no conditions. */
  readonly ignore?: 'range' | 'conditions'
}

export type NetRule = {
  /** Of the path; all without. */
  readonly on?: RegExp
  /** So many times, then no more. */
  readonly times?: number
  readonly fault: NetFault
}

export type NetRequest = {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Bytes of the body that were written. */
  sent: number
}

export type NetServer = {
  readonly url: string
  readonly port: number
  readonly requests: readonly NetRequest[]
  /** The objects by path, without the slash before it. Each write gives an object a new ETag, which is no hash. */
  put(path: string, bytes: Uint8Array): void
  remove(path: string): void
  /** The rules from now on; the first that fits and has not been used up is taken. */
  schedule(...rules: readonly NetRule[]): void
  /** Connections that are open now. */
  connections(): number
  close(): Promise<void>
}

export type NetOptions = {
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly host?: string
}

type Entry = { readonly bytes: Uint8Array; readonly etag: string; readonly modified: string }

const ZEROS = new Uint8Array(64 * 1024)
const ENOUGH = 64 * 1024 * 1024
const MODIFIED = Date.UTC(2026, 0, 1)

/** @example (await netServer()).schedule({ on: /meta/, times: 1, fault: { cut: 10 } }) */
export async function netServer({ tls, host = '127.0.0.1' }: NetOptions = {}): Promise<NetServer> {
  const objects = new Map<string, Entry>()
  const requests: NetRequest[] = []
  const sockets = new Set<Socket>()
  let rules: { rule: NetRule; left: number }[] = []
  let writes = 0

  const faultFor = (path: string): NetFault => {
    const found = rules.find(({ rule, left }) => left > 0 && (rule.on?.test(path) ?? true))
    if (found === undefined) return {}
    found.left--
    return found.rule.fault
  }

  async function converse(socket: Socket): Promise<void> {
    const head = await headOf(socket)
    if (head === undefined) return
    const [first = '', ...lines] = head.split('\r\n')
    const path = decodeURIComponent(first.split(' ')[1] ?? '').replace(/^\//, '')
    const headers = Object.fromEntries(
      lines.filter(Boolean).map(line => {
        const [name = '', ...value] = line.split(':')
        return [name.toLowerCase(), value.join(':').trim()]
      }),
    )
    const request: NetRequest = { path, headers, sent: 0 }
    requests.push(request)
    await answer(socket, request, objects.get(path.split('?')[0]!), faultFor(path))
  }

  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that went away is what half of these tests are about.
    socket.on('error', () => undefined)
    const blurt = rules.find(({ rule }) => rule.fault.blurt !== undefined)?.rule.fault.blurt
    if (blurt === undefined) void converse(socket)
    else socket.end(blurt)
  }
  const server: Server = tls === undefined ? plainServer(accept) : tlsServer(tls, accept)
  server.on('tlsClientError', () => undefined)
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const named = host === '127.0.0.1' && tls !== undefined ? 'localhost' : host
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${named}:${port}`,
    port,
    requests,
    put(path, bytes) {
      writes++
      const modified = new Date(MODIFIED + writes * 1_000).toUTCString()
      objects.set(path, { bytes, etag: `"d41d8cd98f00b204e9800998ecf8427e-${writes}"`, modified })
    },
    remove: path => void objects.delete(path),
    schedule(...next) {
      rules = next.map(rule => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }))
    },
    connections: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The next of these events; a connection that breaks closes, and nothing is thrown. */
const nextOf = (socket: Socket, ...events: readonly string[]): Promise<unknown> =>
  new Promise(resolve => {
    const seen = (value?: unknown) => {
      for (const event of events) socket.off(event, seen)
      resolve(value)
    }
    for (const event of events) socket.on(event, seen)
  })

async function headOf(socket: Socket): Promise<string | undefined> {
  let text = ''
  while (!text.includes('\r\n\r\n')) {
    const chunk = await nextOf(socket, 'data', 'close')
    if (!Buffer.isBuffer(chunk)) return undefined
    text += chunk.toString()
  }
  return text.slice(0, text.indexOf('\r\n\r\n'))
}

type Reply = { readonly status: number; readonly headers: Record<string, string>; readonly body: Uint8Array }

/** What a good server says. */
function reply(request: NetRequest, entry: Entry | undefined, ignore: NetFault['ignore']): Reply {
  const { 'if-none-match': match, 'if-modified-since': since, range, 'if-range': same } = request.headers
  if (entry === undefined) return { status: 404, headers: {}, body: new Uint8Array() }
  const { bytes, etag, modified } = entry
  const headers: Record<string, string> = { etag, 'last-modified': modified, 'accept-ranges': 'bytes' }
  if (ignore !== 'conditions' && (match === etag || (match === undefined && since === modified))) {
    return { status: 304, headers, body: new Uint8Array() }
  }
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  if (ignore === 'range' || from === undefined || (same !== undefined && same !== etag && same !== modified)) {
    return { status: 200, headers, body: bytes }
  }
  const [start, end] = [Number(from), Math.min(Number(to) + 1, bytes.length)]
  if (start >= bytes.length) {
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${bytes.length}` }, body: new Uint8Array() }
  }
  headers['content-range'] = `bytes ${start}-${end - 1}/${bytes.length}`
  return { status: 206, headers, body: bytes.subarray(start, end) }
}

async function answer(socket: Socket, request: NetRequest, entry: Entry | undefined, fault: NetFault): Promise<void> {
  if (fault.latencyMs !== undefined) await sleep(fault.latencyMs)
  if (fault.stall === 'connection') return
  if (fault.refuse === true) {
    socket.resetAndDestroy()
    return
  }
  if (fault.raw !== undefined) {
    socket.end(fault.raw)
    return
  }
  const good = reply(request, entry, fault.ignore)
  const status = fault.status ?? good.status
  const body = Uint8Array.from(fault.body ?? (fault.status === undefined ? good.body : new Uint8Array()))
  if (fault.flip === true && body.length > 0) body[body.length >> 1]! ^= 1
  const length = fault.noLength === true || fault.endless === true ? {} : { 'content-length': lengthOf(body, fault) }
  const headers = { date: new Date().toUTCString(), ...good.headers, ...length, connection: 'close', ...fault.headers }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write(`HTTP/1.1 ${status} Status\r\n${lines.join('\r\n')}\r\n\r\n`)
  if (fault.stall === 'headers') return
  await send(socket, request, body, fault)
}

const lengthOf = (body: Uint8Array, { lengthOff = 0 }: NetFault): string => String(Math.max(0, body.length + lengthOff))

const offset = (at: number, length: number): number => Math.min(length, at < 0 ? length + at : at)

async function send(socket: Socket, request: NetRequest, body: Uint8Array, fault: NetFault): Promise<void> {
  const { stall, cut, bytesPerSecond, endless } = fault
  const stop = typeof stall === 'number' ? stall : cut
  const end = stop === undefined ? body.length : offset(stop, body.length)
  const write = async (bytes: Uint8Array): Promise<void> => {
    request.sent += bytes.length
    if (!socket.write(bytes)) await nextOf(socket, 'drain', 'close')
  }
  if (bytesPerSecond === undefined) await write(body.subarray(0, end))
  else {
    for (let at = 0; at < end && !socket.destroyed; at++) {
      await write(body.subarray(at, at + 1))
      await sleep(1_000 / bytesPerSecond)
    }
  }
  if (typeof stall === 'number') return
  if (cut !== undefined) {
    // What was written must arrive before the reset does.
    await sleep(20)
    socket.resetAndDestroy()
    return
  }
  if (endless !== true) socket.end()
  else while (!socket.destroyed && request.sent < ENOUGH) await write(ZEROS)
}
