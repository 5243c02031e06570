// A rehearsal: the newest published release with its manifest changed after signing, sent through the real door.

import { Fault } from '../base/fault.ts'
import { publishedPath } from '../release/layout.ts'
import type { ReleaseSource } from '../release/source.ts'

/** Changes one digit of the first hash in the manifest and leaves the signatures as they were: a model swapped by a stranger. */
export function forgedEnvelope(envelope: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(envelope)
  const parsed = JSON.parse(text) as { payload: string }
  const manifest = Buffer.from(parsed.payload, 'base64').toString('utf8')
  const changed = manifest.replace(/("sha256":")([0-9a-f])/, (_, key: string, digit: string) => {
    return `${key}${digit === '0' ? '1' : '0'}`
  })
  const payload = Buffer.from(changed, 'utf8').toString('base64')
  return new TextEncoder().encode(JSON.stringify({ ...parsed, payload }))
}

/**
 * A source that gives everything as the real one does, but for the envelope.
 *
 * @param label of the release that the pointer names
 */
export function forgedSource(source: ReleaseSource, label: string): ReleaseSource {
  const envelope = publishedPath('envelope.json', label)
  return {
    describe: () => ({ ...source.describe(), kind: 'drill' }),
    discover: (_cursor, signal) => source.discover(undefined, signal),
    async *open(ref, range, signal) {
      if (!ref.path.endsWith(envelope)) {
        yield* source.open(ref, range, signal)
        return
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of source.open(ref, { offset: 0, limit: range.limit }, signal)) chunks.push(chunk)
      if (chunks.length === 0) throw new Fault('FILE_MISSING', 'there is no envelope to forge', { place: ref.path })
      yield forgedEnvelope(Buffer.concat(chunks)).subarray(range.offset, range.offset + range.limit)
    },
  }
}
