// One line of `state/keys.json`, and how the lines change over time: rotation with an overlap, retirement, revocation (REL-25, REL-26).

import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { type Disk, replaceFile } from '../base/disk.ts'
import { accepted, type Outcome, refused } from '../base/fault.ts'
import { readPrivate } from './private-file.ts'
import { fitSchema } from './schema.ts'
import { parseStrictObject } from './strict-json.ts'
import { utcMs, utcSchema, utcText } from './utc.ts'

const FILE_CAP = 256 * 1024
const OWNER_ONLY = 0o600
const DAY_MS = 24 * 60 * 60_000

/** How long two keys of a use are valid side by side while one replaces the other (REL-26). */
const OVERLAP_DAYS = 7

const record = {
  keyid: z.string().min(1).max(128),
  use: z.enum(['release', 'root', 'pointer']),
  state: z.enum(['active', 'next', 'retired', 'revoked']),
  notBefore: utcSchema.optional(),
  notAfter: utcSchema.optional(),
}
/** `file:<name beside keys.json>`, `env:<NAME>`, or `master`: derived from MANIFEST_MASTER_KEY. */
const refSchema = z
  .string()
  .regex(/^(?:file:[A-Za-z0-9_][A-Za-z0-9_.-]*|env:[A-Z_][A-Z0-9_]*)$/, 'must be file:… or env:…')
const hmacSchema = z
  .strictObject({
    ...record,
    alg: z.literal('hmac'),
    perBot: z.literal(true).optional(),
    secretRef: refSchema.or(z.literal('master')),
  })
  .refine(
    ({ perBot, secretRef }) => perBot === true || secretRef !== 'master',
    'only keys of bots come from the master',
  )
const ed25519Schema = z.strictObject({
  ...record,
  alg: z.literal('ed25519'),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
  secretRef: refSchema.optional(),
})
const fileSchema = z.strictObject({
  /** Of the releases that are signed here; a raised one needs the root's signature once (REL-26). 1 where absent. */
  epoch: z.int().positive().optional(),
  keys: z.array(z.discriminatedUnion('alg', [hmacSchema, ed25519Schema])).max(1000),
})

export type KeyFile = z.infer<typeof fileSchema>
export type KeyFileEntry = KeyFile['keys'][number]

/**
 * The lines without their secrets; undefined where there is no key file. Faults: `KEY_FILE_MODE` (anything but 0600),
 * `KEY_FILE_SCHEMA`, `MANIFEST_SYNTAX`.
 */
export async function readKeyEntries(disk: Disk, path: string): Promise<Outcome<KeyFile | undefined>> {
  const bytes = await readPrivate(disk, path, FILE_CAP)
  if (!bytes.ok) return bytes
  if (bytes.value === undefined) return accepted(undefined)
  const json = parseStrictObject(bytes.value, path)
  const file = json.ok ? fitSchema(fileSchema, json.value, { code: 'KEY_FILE_SCHEMA', place: path }) : json
  if (!file.ok) return file
  const ids = file.value.keys.map(({ keyid }) => keyid)
  const twice = ids.find((keyid, at) => ids.indexOf(keyid) !== at)
  return twice === undefined ? file : refused('KEY_FILE_SCHEMA', `${twice} is there twice`, { place: path })
}

/** Replaces the key file, readable by its owner only. */
export async function writeKeyFile(disk: Disk, path: string, file: KeyFile): Promise<void> {
  await replaceFile(disk, path, new TextEncoder().encode(canonicalJson(file)), OWNER_ONLY)
}

const over = ({ notAfter }: KeyFileEntry, nowMs: number): boolean => notAfter !== undefined && utcMs(notAfter)! <= nowMs

/** The lines as they stand now: what has passed its time is retired, and what was to replace it is active. */
export function settled(keys: readonly KeyFileEntry[], nowMs: number): KeyFileEntry[] {
  const retired = keys.map(key =>
    (key.state === 'active' || key.state === 'next') && over(key, nowMs) ? { ...key, state: 'retired' as const } : key,
  )
  const stands = ({ use, alg, keyid }: KeyFileEntry) =>
    retired.some(key => key.state === 'active' && key.use === use && key.alg === alg && sameLine(key.keyid, keyid))
  return retired.map(key => (key.state === 'next' && !stands(key) ? { ...key, state: 'active' as const } : key))
}

/** Generations of one HMAC key replace each other; any Ed25519 key replaces any other of its use. */
function sameLine(a: string, b: string): boolean {
  const lineOf = (keyid: string) => (keyid.startsWith('hmac:') ? keyid.slice(0, keyid.lastIndexOf(':')) : 'ed25519')
  return lineOf(a) === lineOf(b)
}

/**
 * `next` beside `old`: both sign from now on, and the old one retires after the overlap.
 *
 * @param overlapDays 0 retires the old one at once
 */
export function rotated(
  keys: readonly KeyFileEntry[],
  old: KeyFileEntry,
  next: KeyFileEntry,
  { nowMs, overlapDays = OVERLAP_DAYS }: { readonly nowMs: number; readonly overlapDays?: number | undefined },
): KeyFileEntry[] {
  const notAfter = utcText(nowMs + overlapDays * DAY_MS)
  const leaving = keys.map(key => (key.keyid === old.keyid ? { ...key, notAfter } : key))
  return settled([...leaving, { ...next, state: 'next', notBefore: utcText(nowMs) }], nowMs)
}

/** At once and for good; a key that was to replace it takes its place. */
export function revoked(keys: readonly KeyFileEntry[], keyid: string, nowMs: number): KeyFileEntry[] {
  return settled(
    keys.map(key => (key.keyid === keyid ? { ...key, state: 'revoked' as const } : key)),
    nowMs,
  )
}
