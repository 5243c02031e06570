// Keys that leave: replaced with an overlap, revoked at once, or all together when one of them is in wrong hands (REL-26).

import { Fault } from '../base/fault.ts'
import { secretText } from '../base/secret.ts'
import { ed25519Seed, ed25519SigningKey } from '../release/ed25519.ts'
import { type KeyFileEntry, revoked, rotated } from '../release/key-entry.ts'
import { hmacKeyParts } from '../release/keys.ts'
import { changeKeys, type KeyStorePorts, keyNamed } from './key-store.ts'
import { makeEntry } from './make-key.ts'

/** The key that takes the place of another, with the same use. */
async function successorOf(
  old: KeyFileEntry,
  keys: readonly KeyFileEntry[],
  directory: string,
  ports: KeyStorePorts,
): Promise<KeyFileEntry> {
  if (old.alg === 'ed25519') return makeEntry({ alg: 'ed25519', use: old.use, name: '' }, 1, directory, ports)
  const { name } = hmacKeyParts(old.keyid) ?? { name: 'shared' }
  const generations = keys.flatMap(({ keyid }) => {
    const parts = hmacKeyParts(keyid)
    return parts?.name === name ? [parts.generation] : []
  })
  const generation = Math.max(0, ...generations) + 1
  if (old.perBot !== true) return makeEntry({ alg: 'hmac', use: old.use, name }, generation, directory, ports)
  return { ...old, keyid: `hmac:${name}:${generation}`, state: 'active', secretRef: 'master' }
}

const signsHere = (key: KeyFileEntry): boolean => key.secretRef !== undefined

export type RotateRequest = {
  /** The one shared HMAC key where absent. */
  readonly keyid?: string | undefined
  /** Both sign for so long; 7 where absent. */
  readonly overlapDays?: number | undefined
}

export type Rotated = { readonly old: KeyFileEntry; readonly next: KeyFileEntry }

function toRotate(keyid: string | undefined, keys: readonly KeyFileEntry[]): KeyFileEntry {
  if (keyid !== undefined) return keyNamed(keyid, keys)
  const shared = keys.filter(
    key => key.alg === 'hmac' && key.perBot !== true && key.use === 'release' && key.state === 'active',
  )
  if (shared.length === 1) return shared[0]!
  throw new Fault('USAGE', 'which key is to be replaced?', { place: 'KEYID', fix: 'name it; see: ratchet keys list' })
}

/**
 * Makes the successor; both sign until the overlap is over. Faults: `KEY_UNKNOWN`, `KEY_STATE` for a key that is on its way
 * out already, `KEY_ELSEWHERE` for one that signs on another machine, those of the key file.
 */
export function rotateKey(
  { keyid, overlapDays }: RotateRequest,
  directory: string,
  ports: KeyStorePorts,
): Promise<Rotated> {
  return changeKeys(directory, ports, async file => {
    const old = toRotate(keyid, file.keys)
    if (!signsHere(old)) {
      throw new Fault('KEY_ELSEWHERE', 'its secret is not here, so it is replaced where it signs', {
        place: old.keyid,
        fix: 'believe its successor with: ratchet keys new --public KEY',
      })
    }
    if (old.state !== 'active' || old.notAfter !== undefined) {
      const how = old.state === 'active' ? `leaves on ${old.notAfter}` : `is ${old.state}`
      throw new Fault('KEY_STATE', `it ${how}`, {
        place: old.keyid,
        fix: 'replace its successor; see: ratchet keys list',
      })
    }
    const next = await successorOf(old, file.keys, directory, ports)
    const keys = rotated(file.keys, old, next, { nowMs: ports.clock.now(), overlapDays })
    return { file: { ...file, keys }, value: { old: keyNamed(old.keyid, keys), next: keyNamed(next.keyid, keys) } }
  })
}

/** A line for a key that only the environment gives, so that it can be revoked. */
function fromEnvironment(keyid: string, { environment }: KeyStorePorts): KeyFileEntry | undefined {
  const base = { keyid, use: 'release', state: 'active' } as const
  if (keyid === 'hmac:manifest:1') return { ...base, alg: 'hmac', secretRef: 'env:MANIFEST_HMAC_KEY' }
  const text = environment['MANIFEST_SIGNING_KEY']
  const seed = text === undefined ? undefined : ed25519Seed(secretText(text))
  if (seed?.ok !== true) return undefined
  const key = ed25519SigningKey(seed.value)
  if (key.keyid !== keyid) return undefined
  return { ...base, alg: 'ed25519', publicKey: Buffer.from(key.publicKey).toString('hex') }
}

/**
 * From now on nothing that this key alone signed is believed, not even what is installed. Faults: `KEY_UNKNOWN`, `KEY_STATE`
 * where it is revoked already, those of the key file.
 */
export function revokeKey(
  keyid: string,
  reason: string,
  directory: string,
  ports: KeyStorePorts,
): Promise<KeyFileEntry> {
  return changeKeys(directory, ports, async file => {
    const given = file.keys.some(key => key.keyid === keyid) ? undefined : fromEnvironment(keyid, ports)
    const known = given === undefined ? file.keys : [...file.keys, given]
    if (keyNamed(keyid, known).state === 'revoked')
      throw new Fault('KEY_STATE', 'it is revoked already', { place: keyid })
    const keys = revoked(known, keyid, ports.clock.now())
    ports.log.write('warn', 'keys.revoked', `${keyid} is revoked: ${reason}`, { keyid, reason })
    return { file: { ...file, keys }, value: keyNamed(keyid, keys) }
  })
}

export type NewEpoch = {
  readonly epoch: number
  readonly revoked: readonly string[]
  readonly made: readonly KeyFileEntry[]
}

/**
 * After a compromise: every key that signs online is revoked and replaced, and releases from now on belong to a new epoch,
 * whose first one the offline root must sign. Faults: `KEY_ROOT_MISSING` where no root key is known, those of the key file.
 */
export function newEpoch(reason: string, directory: string, ports: KeyStorePorts): Promise<NewEpoch> {
  return changeKeys(directory, ports, async file => {
    const stands = (key: KeyFileEntry) => key.state === 'active' || key.state === 'next'
    if (!file.keys.some(key => key.use === 'root' && stands(key))) {
      throw new Fault('KEY_ROOT_MISSING', 'no root key is known, and bots take a new epoch from the root alone', {
        fix: 'make one, and give bots its public key: ratchet keys new --use root --alg ed25519 --out FILE',
      })
    }
    const online = file.keys.filter(key => key.use !== 'root' && stands(key))
    const nowMs = ports.clock.now()
    let keys = [...file.keys]
    for (const { keyid } of online) keys = revoked(keys, keyid, nowMs)
    // One successor for each line, also where a rotation was under way.
    const lines = new Map(online.filter(signsHere).map(key => [lineOf(key), key]))
    const made: KeyFileEntry[] = []
    for (const key of lines.values()) made.push(await successorOf(key, [...keys, ...made], directory, ports))
    const epoch = (file.epoch ?? 1) + 1
    ports.log.write('warn', 'keys.epoch', `epoch ${epoch} begins: ${reason}`, { epoch, reason })
    const value = { epoch, revoked: online.map(({ keyid }) => keyid), made }
    return { file: { epoch, keys: [...keys, ...made] }, value }
  })
}

const lineOf = ({ alg, use, keyid }: KeyFileEntry): string => `${alg} ${use} ${hmacKeyParts(keyid)?.name ?? ''}`
