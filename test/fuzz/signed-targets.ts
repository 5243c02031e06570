// Readers of signed documents: plain manifest, envelope with manifest, pointer. What was changed after signing is accepted only where
// it still means what was signed; what is signed as it is, is accepted only for what the engine's parser finds in it.

import type { Rng } from '../../src/base/rng.ts'
import { MANIFEST_TYPE, openEnvelope, POINTER_TYPE, sealEnvelope } from '../../src/release/envelope.ts'
import { built, ED_KEY, MAC_KEY, NOW, testPolicy } from '../../src/release/fixtures/built.ts'
import { readManifest } from '../../src/release/manifest.ts'
import { addSignature, signPlain, verifyPlain } from '../../src/release/plain-manifest.ts'
import { openPointer } from '../../src/release/pointer.ts'
import { parseStrictJson } from '../../src/release/strict-json.ts'
import { checkDocument } from './json-target.ts'
import { retoken } from './json-text.ts'
import { chance, damaged, pick } from './mutate.ts'
import { secondReading } from './second-json.ts'
import { agree, type FuzzInput, type FuzzTarget } from './target.ts'

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder()
const release = built()
const policy = testPolicy({ required: ['hmac', 'ed25519'] })
const { secret } = MAC_KEY

/** Token by token, byte by byte, or both. */
function changed(bytes: Uint8Array, rng: Rng): Uint8Array {
  let text = fromUtf8.decode(bytes)
  for (let tokens = rng.int(3); tokens > 0; tokens--) text = retoken(text, rng)
  const retold = utf8.encode(text)
  return chance(rng, 0.4) ? damaged(retold, rng) : retold
}

/** What the MAC of a plain manifest covers, as the engine reads it. */
const covered = (bytes: Uint8Array): string => secondReading(fromUtf8.decode(bytes), ['signature', 'Signature'])

const SIGNED = covered(release.currentBytes)

type Members = Readonly<Record<string, unknown>>

const either = (members: Members, snake: string): unknown =>
  members[snake] ?? members[snake.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())]

/** What a plain manifest says, as the engine reads it. */
function plainMeaning(seen: Members): unknown {
  const models = Object.entries(either(seen, 'models') as Record<string, Members>)
  const of = (model: Members) => ({
    url: either(model, 'url'),
    checksum: either(model, 'checksum'),
    size: either(model, 'size'),
  })
  return {
    version: either(seen, 'version'),
    timestamp: either(seen, 'timestamp'),
    trainingSamples: either(seen, 'training_samples'),
    models: Object.fromEntries(models.map(([name, model]) => [name, of(model)])),
  }
}

export const plain: FuzzTarget = rng => {
  const before = changed(release.currentBytes, rng)
  const resigned = chance(rng, 0.5) ? addSignature(before, secret, '2026-01-15T14:30:00Z') : undefined
  const bytes = resigned?.ok === true ? resigned.value : before
  return {
    bytes,
    read() {
      const outcome = verifyPlain(bytes, secret)
      if (!outcome.ok) return false
      if (resigned?.ok !== true) agree('signed content', covered(bytes), SIGNED)
      const seen = JSON.parse(fromUtf8.decode(bytes)) as Members
      const { signedAt: _, ...ours } = outcome.value
      agree('plain manifest', secondReading(JSON.stringify(ours)), secondReading(JSON.stringify(plainMeaning(seen))))
      const again = signPlain(bytes, secret)
      agree(
        'signature',
        again.ok ? again.value : again.fault.code,
        String(either(either(seen, 'signature') as Members, 'value')),
      )
      return true
    },
  }
}

/** Either the envelope was touched, or its body was and was then sealed by a publisher who does not look. */
function enveloped(
  rng: Rng,
  type: string,
  whole: Uint8Array,
  body: Uint8Array,
): { bytes: Uint8Array; sealed: Uint8Array } {
  if (chance(rng, 0.5)) return { bytes: changed(whole, rng), sealed: body }
  const sealed = changed(body, rng)
  return { bytes: sealEnvelope(pick(rng, [type, type, type, MANIFEST_TYPE]), sealed, [MAC_KEY, ED_KEY]), sealed }
}

function sameDocument(what: string, bytes: Uint8Array, value: unknown): void {
  const strict = parseStrictJson(bytes)
  if (strict.ok) checkDocument(bytes, strict.value)
  const text = fromUtf8.decode(bytes)
  // The schema's values are plain, so `1.0` is 1 there; both go through the engine's plain parser.
  agree(what, secondReading(JSON.stringify(value)), secondReading(JSON.stringify(JSON.parse(text))))
}

export const envelope: FuzzTarget = (rng): FuzzInput => {
  const { bytes, sealed } = enveloped(rng, MANIFEST_TYPE, release.envelopeBytes, release.manifestBytes)
  const { keys, required } = policy
  return {
    bytes,
    read() {
      const opened = openEnvelope(bytes, {
        payloadType: MANIFEST_TYPE,
        keys,
        required,
        uses: ['release', 'root'],
        nowMs: NOW,
        place: 'envelope.json',
      })
      if (!opened.ok) return false
      const { body } = opened.value
      agree('signed body', Buffer.from(body).toString('hex'), Buffer.from(sealed).toString('hex'))
      const manifest = readManifest(body)
      if (manifest.ok) sameDocument('manifest', body, manifest.value)
      return manifest.ok
    },
  }
}

const pointerBody = Buffer.from(
  (JSON.parse(fromUtf8.decode(release.pointerBytes)) as { payload: string }).payload,
  'base64',
)

export const pointer: FuzzTarget = (rng): FuzzInput => {
  const { bytes, sealed } = enveloped(rng, POINTER_TYPE, release.pointerBytes, pointerBody)
  return {
    bytes,
    read() {
      const opened = openPointer(bytes, policy, NOW)
      if (opened.ok) sameDocument('pointer', sealed, opened.value)
      return opened.ok
    },
  }
}
