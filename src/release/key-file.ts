// `state/keys.json`: which keys this bot believes and signs with; secrets lie elsewhere and are only referred to (REL-25).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type Disk, replaceFile } from '../base/disk.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { type Secret, secretText } from '../base/secret.ts'
import { ed25519KeyFits } from './ed25519.ts'
import { ed25519KeyId, type KeyState, type KeyUse, type SigningKey, type TrustedKey } from './keys.ts'
import { fitSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'
import { utcMs, utcSchema } from './utc.ts'

const FILE_CAP = 256 * 1024
const SECRET_CAP = 4096
const OWNER_ONLY = 0o600

const uses: readonly KeyUse[] = ['release', 'root', 'pointer']
const states: readonly KeyState[] = ['active', 'next', 'retired', 'revoked']

const record = {
  keyid: z.string().min(1).max(128),
  use: z.enum(uses),
  state: z.enum(states),
  notBefore: utcSchema.optional(),
  notAfter: utcSchema.optional(),
}
/** `file:<name beside keys.json>` or `env:<NAME>`. */
const refSchema = z
  .string()
  .regex(/^(?:file:[A-Za-z0-9_][A-Za-z0-9_.-]*|env:[A-Z_][A-Z0-9_]*)$/, 'must be file:… or env:…')
const hmacSchema = z.strictObject({ ...record, alg: z.literal('hmac'), secretRef: refSchema })
const ed25519Schema = z.strictObject({
  ...record,
  alg: z.literal('ed25519'),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
  secretRef: refSchema.optional(),
})
const fileSchema = z.strictObject({ keys: z.array(z.discriminatedUnion('alg', [hmacSchema, ed25519Schema])).max(1000) })

export type KeyFileEntry = z.infer<typeof fileSchema>['keys'][number]

export type KeyFileOptions = {
  readonly disk: Disk
  /** Usually `state/keys.json`. Secrets of `file:` lie beside it. */
  readonly path: string
  /** Value of an environment variable. */
  readonly environment: (name: string) => string | undefined
}

/** A key that can sign has its secret; the others only verify. */
export type Key = TrustedKey | SigningKey

export const canSign = (key: Key): key is SigningKey => 'secret' in key

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/**
 * Undefined when there is no key file. Faults: `KEY_FILE_MODE` (anything but 0600), `KEY_FILE_SCHEMA`, `KEY_MISSING`
 * (a secret that is referred to and not there), `KEY_ID` (an id that is not that of its key).
 */
export async function readKeyFile(options: KeyFileOptions): Promise<Outcome<readonly Key[] | undefined>> {
  const bytes = await readPrivate(options.disk, options.path, FILE_CAP)
  if (!bytes.ok) return bytes
  if (bytes.value === undefined) return accepted(undefined)
  const json = parseStrictObject(bytes.value, options.path)
  const file = json.ok ? fitSchema(fileSchema, json.value, { code: 'KEY_FILE_SCHEMA', place: options.path }) : json
  if (!file.ok) return file
  const keys: Key[] = []
  for (const entry of file.value.keys) {
    const key = await keyOf(entry, options)
    if (!key.ok) return key
    keys.push(key.value)
  }
  return accepted(keys)
}

/** Replaces the key file, readable by its owner only. */
export async function writeKeyFile(disk: Disk, path: string, keys: readonly KeyFileEntry[]): Promise<void> {
  await replaceFile(disk, path, new TextEncoder().encode(canonicalJson({ keys })), OWNER_ONLY)
}

/** A file that only its owner may touch, or undefined where there is none. */
async function readPrivate(disk: Disk, path: string, limit: number): Promise<Outcome<Uint8Array | undefined>> {
  const stat = await disk.stat(path)
  if (stat === undefined) return accepted(undefined)
  const mode = stat.mode & 0o777
  if (mode === OWNER_ONLY) return accepted(await disk.read(path, limit))
  return refused('KEY_FILE_MODE', `has mode 0${mode.toString(8)}, only 0600 is safe`, {
    place: path,
    fix: `chmod 600 ${path}, and make new keys if others could read it`,
  })
}

async function secretOf(ref: string, options: KeyFileOptions): Promise<Outcome<Secret>> {
  const [kind, name] = [ref.slice(0, ref.indexOf(':')), ref.slice(ref.indexOf(':') + 1)]
  if (kind === 'env') {
    const value = options.environment(name)
    if (value !== undefined && value !== '') return accepted(secretText(value))
    return refused('KEY_MISSING', `the environment has no ${name}`, { place: options.path, fix: `set ${name}` })
  }
  const path = `${folderOf(options.path)}${name}`
  const bytes = await readPrivate(options.disk, path, SECRET_CAP)
  if (!bytes.ok) return bytes
  if (bytes.value === undefined) return refused('KEY_MISSING', 'the secret is not there', { place: path })
  return accepted(secretText(new TextDecoder().decode(bytes.value).trimEnd()))
}

async function keyOf(entry: KeyFileEntry, options: KeyFileOptions): Promise<Outcome<Key>> {
  const { keyid, use, state } = entry
  const times = {
    notBefore: entry.notBefore === undefined ? undefined : utcMs(entry.notBefore),
    notAfter: entry.notAfter === undefined ? undefined : utcMs(entry.notAfter),
  }
  const secret = entry.secretRef === undefined ? undefined : await secretOf(entry.secretRef, options)
  if (secret?.ok === false) return secret
  if (entry.alg === 'hmac') return accepted({ keyid, use, state, ...times, alg: 'hmac', secret: secret!.value })
  const publicKey = Uint8Array.from(Buffer.from(entry.publicKey, 'hex'))
  const key = { keyid, use, state, ...times, alg: 'ed25519', publicKey } as const
  if (keyid !== ed25519KeyId(publicKey)) {
    return refused('KEY_ID', `${keyid} is not the id of its public key`, { place: options.path })
  }
  return secret === undefined ? accepted(key) : ed25519KeyFits(key, secret.value, options.path)
}
