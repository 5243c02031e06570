// Ports, hosts and walls of this machine. Who holds a port or a lock is told by Linux' /proc; elsewhere it has no name.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { Fault } from '../../base/fault.ts'
import type { Listener, Surroundings } from '../../base/surroundings.ts'
import { confinement } from '../onnxruntime/confine.ts'

const CONNECT_MS = 5000
const LISTENS = '0A'

/** Undefined where there is none, or it is not ours to read. */
function lookAt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (cause) {
    if (cause instanceof Error) return undefined
    throw cause
  }
}

/** Inodes of sockets that listen on a port (proc_net_tcp(5)). */
function socketsOn(port: number): ReadonlySet<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map(path => lookAt(() => readFileSync(path, 'utf8')) ?? '')
  const rows = tables.flatMap(table => table.split('\n').map(line => line.trim().split(/\s+/)))
  const own = rows.filter(([, local, , state]) => local?.endsWith(`:${hex}`) === true && state === LISTENS)
  return new Set(own.map(row => `socket:[${row[9]}]`))
}

/** Who listens there, where the system tells. */
export function ownerOfPort(port: number): Listener {
  const sockets = socketsOn(port)
  if (sockets.size === 0) return {}
  for (const pid of lookAt(() => readdirSync('/proc')) ?? []) {
    if (!/^\d+$/.test(pid)) continue
    const files = lookAt(() => readdirSync(`/proc/${pid}/fd`)) ?? []
    if (!files.some(file => sockets.has(lookAt(() => readlinkSync(`/proc/${pid}/fd/${file}`)) ?? ''))) continue
    return { pid: Number(pid), name: lookAt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) }
  }
  return {}
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') resolve(true)
      else reject(cause)
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)))
  })
}

function connected(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) =>
      reject(new Fault('HOST_UNREACHABLE', `${host}:${port} does not answer: ${why}`, { place: host, cause }))
    const socket = connect({ host, port, timeout: CONNECT_MS })
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('timeout', () => {
      socket.destroy()
      fail(`no connection within ${CONNECT_MS / 1000} s`)
    })
    socket.once('error', cause => fail(cause.message, cause))
  })
}

export const systemSurroundings: Surroundings = {
  listener: async port => (port !== 0 && (await isTaken(port)) ? ownerOfPort(port) : undefined),
  reach: connected,
  async walls() {
    const { network, parent, limits } = await confinement()
    return {
      'no network': network,
      'ends with its parent': parent,
      'limits of memory, processor and files': limits,
      'permissions of Node': true,
    }
  },
}
