// The MAC key of one bot as text, and the master key that all of them come from (REL-27).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import { type Secret, secretBytes, secretText } from '../base/secret.ts'
import { type HmacKey, hmacKeyParts } from './keys.ts'

const plainOf = (text: Secret): string => Buffer.from(text.reveal()).toString('utf8').trim()

/** What a bot is given: MANIFEST_BOT_KEY, or the content of MANIFEST_BOT_KEY_FILE. */
export function botKeyText({ keyid, secret }: Pick<HmacKey, 'keyid' | 'secret'>): Secret {
  return secretText(`${keyid}=${Buffer.from(secret.reveal()).toString('hex')}\n`)
}

/** Fault: `KEY_FORMAT`, without a word of what was given. */
export function readBotKey(text: Secret): Outcome<HmacKey> {
  const found = /^(?<keyid>[^=]{1,128})=(?<hex>[0-9a-f]{64})$/.exec(plainOf(text))?.groups
  if (found === undefined || hmacKeyParts(found['keyid']!) === undefined) {
    return refused('KEY_FORMAT', 'the key of a bot is not hmac:<bot>:<generation>=<64 hex digits>', {
      fix: 'use the file that this wrote: ratchet keys derive --bot ID --out FILE',
    })
  }
  const secret = secretBytes(Buffer.from(found['hex']!, 'hex'))
  return accepted({ keyid: found['keyid']!, alg: 'hmac', use: 'release', state: 'active', secret, perBot: true })
}

/** MANIFEST_MASTER_KEY: 64 hex digits, decoded. Fault: `KEY_FORMAT`. */
export function masterKey(text: Secret): Outcome<Secret> {
  const plain = plainOf(text)
  if (/^[0-9a-fA-F]{64}$/.test(plain) && !/^(.)\1*$/.test(plain))
    return accepted(secretBytes(Buffer.from(plain, 'hex')))
  return refused('KEY_FORMAT', 'the master key is not 64 hex digits of your own', {
    fix: 'make one with: openssl rand -hex 32',
  })
}
