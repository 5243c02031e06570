// Servers that each do one thing wrong, and the code that each is refused with (section A of the fault catalogue).

import { deflateSync, gzipSync } from 'node:zlib'
import { monotonicClock } from '../../src/adapters/system/clock.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { sha256 } from '../../src/base/hash.ts'
import { CURRENT_PATH, POINTER_PATH, publishedPath } from '../../src/release/layout.ts'
import { certificate } from './certificate.ts'
import { fresh } from './http-bot.ts'
import type { WorldOptions } from './http-world.ts'
import type { NetOptions, NetRule, NetServer } from './net.ts'

export type FaultyServer = {
  /** Case of the catalogue. */
  readonly number: number
  readonly what: string
  readonly code: string
  readonly rules?: readonly NetRule[] | ((server: NetServer) => readonly NetRule[])
  readonly net?: NetOptions
  readonly options?: WorldOptions
  /** Where the source looks, when not at the server. */
  readonly base?: (server: NetServer) => string
  /** Requests that may have reached the server. */
  readonly requests?: number
}

const model = publishedPath('models/meta.onnx', fresh.manifest.label)
const modelBytes = fresh.files.get('models/meta.onnx')!
const on = (path: string): RegExp => new RegExp(path.replaceAll(/[.+]/g, '\\$&'))
const META = on(model)
const POINTER = on(POINTER_PATH)
const ZEROS = new Uint8Array(1 << 24)

const authority = certificate({ name: 'authority' })
const trusted = { authorities: authority.cert, allowHttp: false }
const DAY = 86_400_000
const yesterday = new Date(Date.now() - DAY)
const GOOD = certificate({ name: 'localhost', hosts: ['localhost'], issuer: authority })
const EXPIRED = certificate({ name: 'localhost', hosts: ['localhost'], issuer: authority, to: yesterday })
const OTHER = certificate({ name: 'other', hosts: ['other.example'], issuer: authority })
const SELF = certificate({ name: 'localhost', hosts: ['localhost'] })

const packed = (body: Uint8Array, encoding = 'gzip'): NetRule => ({
  on: POINTER,
  fault: { body, headers: { 'content-encoding': encoding } },
})
const pointerBytes = fresh.pointerBytes
const zipped = gzipSync(pointerBytes)
/** Says gzip, and then blocks without end that hold nothing (RFC 1951, 3.2.4). */
const HOLLOW = Buffer.concat([zipped.subarray(0, 10), Buffer.alloc(5 * 40_000, Uint8Array.of(0, 0, 0, 0xff, 0xff))])

const redirect = (to: string): NetRule => ({ on: META, fault: { status: 302, headers: { location: to } } })
const once = { resilience: { maxRetries: 0 } }
/** The real patience, on a clock that runs fifty times as fast as the server's: 10 s are 200 ms. */
const HURRY = 50
const hurried = {
  clock: { now: () => monotonicClock.now() * HURRY },
  timer: { sleep: (ms: number, signal?: AbortSignal) => systemTimer.sleep(ms / HURRY, signal) },
}
const secure = { net: { tls: GOOD }, options: trusted }

export const FAULTY_SERVERS: readonly FaultyServer[] = [
  {
    number: 1,
    what: 'a name that is not known',
    code: 'SOURCE_NAME_UNRESOLVED',
    base: () => 'https://nobody.example',
    options: { resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) },
    requests: 0,
  },
  {
    number: 1,
    what: 'a refused connection',
    code: 'SOURCE_UNREACHABLE',
    base: () => 'http://127.0.0.1:1',
    requests: 0,
  },
  {
    number: 1,
    what: 'a connection that is cut before the answer',
    code: 'SOURCE_RESET',
    rules: [{ fault: { refuse: true } }],
  },
  {
    number: 2,
    what: 'a reset inside a model, every time',
    code: 'TRANSFER_TRUNCATED',
    rules: [{ on: META, fault: { cut: 5 } }],
  },
  {
    number: 3,
    what: 'a model that is announced larger',
    code: 'MEMBER_SIZE',
    rules: [{ on: META, fault: { lengthOff: 1 } }],
  },
  {
    number: 3,
    what: 'a model that is announced smaller',
    code: 'HTTP_MALFORMED',
    rules: [{ on: META, fault: { lengthOff: -1 } }],
  },
  {
    number: 3,
    what: 'a pointer that is announced larger',
    code: 'TRANSFER_TRUNCATED',
    rules: [{ on: POINTER, fault: { lengthOff: 9 } }],
  },
  {
    number: 4,
    what: 'a model without length or end',
    code: 'MEMBER_SIZE',
    rules: [{ on: META, fault: { endless: true } }],
  },
  {
    number: 4,
    what: 'a pointer without length or end',
    code: 'FILE_TOO_LARGE',
    rules: [{ on: POINTER, fault: { endless: true } }],
  },
  {
    number: 5,
    what: 'a byte now and then',
    code: 'SLOW_RETRIEVAL',
    rules: [{ on: META, fault: { bytesPerSecond: 50 } }],
    options: hurried,
  },
  {
    number: 5,
    what: 'a file that never gets done',
    code: 'DEADLINE_EXCEEDED',
    rules: [{ on: META, fault: { bytesPerSecond: 50 } }],
    options: { limits: { totalMs: 300 } },
  },
  {
    number: 6,
    what: 'silence after the headers',
    code: 'SOURCE_IDLE_TIMEOUT',
    rules: [{ on: META, fault: { stall: 'headers' } }],
    options: hurried,
  },
  {
    number: 6,
    what: 'silence in the middle',
    code: 'SOURCE_IDLE_TIMEOUT',
    rules: [{ on: META, fault: { stall: 7 } }],
    options: hurried,
  },
  {
    number: 6,
    what: 'silence instead of an answer',
    code: 'SOURCE_HEADERS_TIMEOUT',
    rules: [{ fault: { stall: 'connection' } }],
    options: { ...hurried, ...once },
  },
  {
    number: 6,
    what: 'silence instead of TLS',
    code: 'SOURCE_CONNECT_TIMEOUT',
    base: server => server.url.replace('http:', 'https:'),
    options: { ...hurried, ...once },
    requests: 0,
  },
  { number: 7, what: '429 without end', code: 'SOURCE_RATE_LIMITED', rules: [{ fault: { status: 429 } }] },
  { number: 7, what: '503 without end', code: 'SOURCE_UNAVAILABLE', rules: [{ on: META, fault: { status: 503 } }] },
  {
    number: 7,
    what: '503 for longer than there is time',
    code: 'SOURCE_UNAVAILABLE',
    rules: [{ fault: { status: 503, headers: { 'retry-after': '99999' } } }],
    requests: 1,
  },
  {
    number: 8,
    what: 'a redirect to another host',
    code: 'REDIRECT_HOST',
    rules: [redirect('https://evil.example/x')],
    ...secure,
  },
  {
    number: 8,
    what: 'a redirect to plain http',
    code: 'REDIRECT_SCHEME',
    rules: [redirect('http://localhost/x')],
    ...secure,
  },
  {
    number: 8,
    what: 'a redirect to a file',
    code: 'REDIRECT_SCHEME',
    rules: [redirect('file:///etc/passwd')],
    ...secure,
  },
  {
    number: 8,
    what: 'a redirect to the metadata address',
    code: 'REDIRECT_HOST',
    rules: [redirect('https://169.254.169.254/latest')],
    ...secure,
  },
  {
    number: 8,
    what: 'a redirect to the metadata address, were it on the list',
    code: 'ADDRESS_FORBIDDEN',
    rules: [redirect('https://169.254.169.254/latest')],
    net: { tls: GOOD },
    options: { ...trusted, allowedHosts: ['169.254.169.254'] },
  },
  {
    number: 8,
    what: 'a redirect to a listed name that stands for the metadata address',
    code: 'ADDRESS_FORBIDDEN',
    rules: [redirect('https://cdn.example/x')],
    net: { tls: GOOD },
    options: {
      ...trusted,
      allowedHosts: ['cdn.example'],
      resolve: async host =>
        host === 'cdn.example'
          ? [
              { address: '8.8.8.8', family: 4 },
              { address: '::ffff:169.254.169.254', family: 6 },
            ]
          : [{ address: '127.0.0.1', family: 4 }],
    },
  },
  {
    number: 8,
    what: 'redirects in a circle',
    code: 'REDIRECT_LIMIT',
    rules: server => [redirect(`${server.url}/${model}`)],
    ...secure,
  },
  {
    number: 8,
    what: 'a redirect with credentials',
    code: 'REDIRECT_INVALID',
    rules: [redirect('https://a:b@localhost/x')],
    ...secure,
  },
  {
    number: 9,
    what: 'a certificate for another name',
    code: 'TLS_WRONG_HOST',
    net: { tls: OTHER },
    options: trusted,
    requests: 0,
  },
  {
    number: 9,
    what: 'a certificate that signed itself',
    code: 'TLS_UNTRUSTED',
    net: { tls: SELF },
    options: trusted,
    requests: 0,
  },
  {
    number: 9,
    what: 'a certificate that expired yesterday',
    code: 'TLS_EXPIRED',
    net: { tls: EXPIRED },
    options: trusted,
    requests: 0,
  },
  {
    number: 9,
    what: 'no TLS where TLS was asked for',
    code: 'TLS_BROKEN',
    base: server => server.url.replace('http:', 'https:'),
    rules: [{ fault: { blurt: 'HTTP/1.1 400 Bad Request\r\n\r\n' } }],
    options: { allowHttp: false },
    requests: 0,
  },
  {
    number: 10,
    what: 'a packed file, 16 MiB when unpacked',
    code: 'CONTENT_ENCODING',
    rules: [{ on: META, fault: { body: gzipSync(ZEROS), headers: { 'content-encoding': 'gzip' } } }],
  },
  {
    number: 10,
    what: 'a packed pointer, 16 MiB when unpacked',
    code: 'FILE_TOO_LARGE',
    rules: [packed(gzipSync(ZEROS))],
  },
  {
    number: 10,
    what: 'a packed pointer of 200 kB that unpacks to nothing',
    code: 'FILE_TOO_LARGE',
    rules: [packed(HOLLOW)],
  },
  {
    number: 10,
    what: 'a pointer that says gzip and is none',
    code: 'CONTENT_ENCODING',
    rules: [packed(pointerBytes)],
  },
  {
    number: 10,
    what: 'a pointer that is packed otherwise than was asked for',
    code: 'CONTENT_ENCODING',
    rules: [packed(deflateSync(pointerBytes), 'deflate')],
  },
  {
    number: 10,
    what: 'a packed pointer that ends in the middle',
    code: 'TRANSFER_TRUNCATED',
    rules: [packed(zipped.subarray(0, zipped.length - 20))],
  },
  {
    number: 11,
    what: 'a pointer whose model never comes',
    code: 'RELEASE_MISSING_FILE',
    rules: [{ on: META, fault: { status: 404 } }],
  },
  {
    number: 12,
    what: 'other bytes under an ETag that is the signed hash',
    code: 'MEMBER_HASH',
    rules: [{ on: META, fault: { flip: true, headers: { etag: `"${sha256(modelBytes)}"` } } }],
  },
  {
    number: 12,
    what: 'a bit changed on the way, ETag as ever',
    code: 'SIGNATURE_INVALID',
    rules: [{ on: on('envelope.json'), fault: { flip: true } }],
  },
  {
    number: 2,
    what: 'an answer that is no HTTP',
    code: 'HTTP_MALFORMED',
    rules: [{ fault: { raw: 'SSH-2.0-x\r\n\r\n' } }],
  },
  {
    number: 2,
    what: 'headers without end',
    code: 'HTTP_MALFORMED',
    rules: [{ fault: { headers: { 'x-long': 'x'.repeat(20_000) } } }],
  },
  {
    number: 2,
    what: 'a part that is not the one that was asked for',
    code: 'CONTENT_RANGE',
    rules: [
      { on: META, times: 1, fault: { cut: 100 } },
      { on: META, fault: { headers: { 'content-range': 'bytes 0-9/5000' } } },
    ],
  },
  {
    number: 2,
    what: 'another version behind the part that was read',
    code: 'TRANSFER_CHANGED',
    rules: [
      { on: META, times: 1, fault: { cut: 100 } },
      { on: META, fault: { ignore: 'range', headers: { etag: '"new"' } } },
    ],
  },
  { number: 7, what: 'a closed door', code: 'SOURCE_UNAUTHORIZED', rules: [{ fault: { status: 401 } }], options: once },
  {
    number: 7,
    what: 'a forbidden one',
    code: 'SOURCE_FORBIDDEN',
    rules: [{ on: META, fault: { status: 403 } }],
    options: once,
  },
  {
    number: 7,
    what: 'a status that makes no sense',
    code: 'SOURCE_STATUS',
    rules: [{ on: META, fault: { status: 418 } }],
    options: once,
  },
  { number: 11, what: 'an empty host', code: 'SOURCE_EMPTY', rules: [{ on: POINTER, fault: { status: 404 } }] },
  {
    number: 3,
    what: 'a current.json that is larger than any may be',
    code: 'FILE_TOO_LARGE',
    rules: [{ on: on(CURRENT_PATH), fault: { body: ZEROS } }],
  },
]
