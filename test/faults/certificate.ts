// Certificates for TLS servers of tests, made on the spot: X.509 v3 with P-256, written as DER by hand (RFC 5280).

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export type Certificate = {
  readonly key: string
  readonly cert: string
  /** For signing others. */
  readonly privateKey: KeyObject
  readonly name: string
}

export type CertificateOptions = {
  readonly name: string
  /** Host names and IPv4 addresses it is for; none makes an authority. */
  readonly hosts?: readonly string[]
  /** Signed by itself when there is none. */
  readonly issuer?: Certificate
  readonly from?: Date
  readonly to?: Date
}

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const size = body.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...parts: readonly Uint8Array[]) => tlv(0x30, ...parts)
const octets = (bytes: Uint8Array) => tlv(0x04, bytes)
const integer = (value: number) => tlv(0x02, Buffer.from([value]))
const hex = (text: string) => Buffer.from(text, 'hex')
const oid = (encoded: string) => tlv(0x06, hex(encoded))
const truth = tlv(0x01, hex('ff'))

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'))
const COMMON_NAME = '550403'
const BASIC_CONSTRAINTS = '551d13'
const ALTERNATIVE_NAMES = '551d11'

const nameOf = (text: string) => sequence(tlv(0x31, sequence(oid(COMMON_NAME), tlv(0x0c, Buffer.from(text)))))
const utcTime = (date: Date) => tlv(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`))
const isAddress = (host: string) => /^\d+\.\d+\.\d+\.\d+$/.test(host)
const alternative = (host: string) =>
  isAddress(host) ? tlv(0x87, Buffer.from(host.split('.').map(Number))) : tlv(0x82, Buffer.from(host))

let serial = 0

/** @example certificate({ name: 'localhost', hosts: ['localhost'], issuer: certificate({ name: 'authority' }) }) */
export function certificate(options: CertificateOptions): Certificate {
  const { name, hosts = [], issuer } = options
  const { from = new Date(Date.UTC(2020, 0, 1)), to = new Date(Date.UTC(2049, 0, 1)) } = options
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const extension =
    hosts.length === 0
      ? sequence(oid(BASIC_CONSTRAINTS), truth, octets(sequence(truth)))
      : sequence(oid(ALTERNATIVE_NAMES), octets(sequence(...hosts.map(alternative))))
  const body = sequence(
    tlv(0xa0, integer(2)),
    integer((serial = (serial % 100) + 1)),
    ECDSA_SHA256,
    nameOf(issuer?.name ?? name),
    sequence(utcTime(from), utcTime(to)),
    nameOf(name),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(extension)),
  )
  const signature = sign('sha256', body, issuer?.privateKey ?? pair.privateKey)
  const der = sequence(body, ECDSA_SHA256, tlv(0x03, hex('00'), signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    privateKey: pair.privateKey,
    name,
  }
}
