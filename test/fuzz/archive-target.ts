// The archive reader against two others: what it accepts, all three must unpack to the same names and bytes.

import { Fault } from '../../src/base/fault.ts'
import type { Rng } from '../../src/base/rng.ts'
import { type ZipFields, type ZipPart, type ZipShape, zipOf } from '../../src/release/fixtures/zip-writer.ts'
import { zipEntries } from '../../src/release/zip.ts'
import { bytesInMemory } from '../../src/release/zip-bytes.ts'
import { entryContent } from '../../src/release/zip-content.ts'
import { chance, damaged, pick } from './mutate.ts'
import { type Contents, readAsStream, readByDirectory } from './second-zip.ts'
import { agree, type FuzzInput, type FuzzTarget } from './target.ts'

const NAMES = [
  'metadata.json', 'meta.onnx', 'models/', 'models/meta.onnx', 'a', 'A', 'b', 'größe', 'e\u0301', 'scaler.pkl', 'x/y/z',
] // biome-ignore format: names that are accepted
const BAD_NAMES = ['../x', '/x', 'C:x', 'a\\b', 'a\0', 'a.', 'a ', 'con', '', 'a//b', './a', '\u202e']
const NUMBERS = [0, 1, 2, 8, 10, 20, 45, 0x800, 0xffff, 0x7fffffff, 0xffffffff]

const contentOf = (rng: Rng): Uint8Array => {
  const length = chance(rng, 0.1) ? 0 : rng.int(80)
  const span = pick(rng, [2, 4, 256])
  return Uint8Array.from({ length }, () => rng.int(span))
}

function lie(rng: Rng): Partial<ZipFields> {
  const field = pick(rng, [
    'version',
    'flags',
    'method',
    'moment',
    'crc',
    'packedSize',
    'size',
    'name',
    'extra',
  ] as const)
  if (field === 'name') return { name: new TextEncoder().encode(pick(rng, chance(rng, 0.5) ? NAMES : BAD_NAMES)) }
  if (field === 'extra') return { extra: Uint8Array.from({ length: rng.int(12) }, () => rng.int(8)) }
  return { [field]: chance(rng, 0.5) ? pick(rng, NUMBERS) : rng.int(100) }
}

function partOf(rng: Rng, honest: boolean): ZipPart {
  const name = pick(rng, honest || chance(rng, 0.9) ? NAMES : BAD_NAMES)
  const content = name.endsWith('/') && (honest || chance(rng, 0.9)) ? new Uint8Array() : contentOf(rng)
  const folder = name.endsWith('/')
  const deflate = !folder && chance(rng, 0.5)
  const behind = deflate ? chance(rng, 0.5) : !honest && chance(rng, 0.05)
  const sound: ZipPart = {
    name,
    content,
    deflate,
    ...(behind && { descriptor: pick(rng, ['signed', 'bare'] as const) }),
  }
  if (honest || chance(rng, 0.5)) return sound
  const wrong = pick(rng, ['both', 'local', 'central', 'trailing', 'attributes', 'gap', 'packed', 'offset'] as const)
  if (wrong === 'attributes') return { ...sound, attributes: rng.int(2 ** 32) }
  if (wrong === 'gap' || wrong === 'packed') return { ...sound, [wrong]: contentOf(rng) }
  if (wrong === 'offset') return { ...sound, central: { offset: rng.int(200) } }
  return { ...sound, [wrong]: lie(rng) }
}

function shapeOf(rng: Rng): ZipShape {
  const place = pick(rng, ['before', 'between', 'beforeEnd', 'after', 'comment', 'end'] as const)
  if (place !== 'end') return { [place]: chance(rng, 0.2) ? zipOf([partOf(rng, true)]) : contentOf(rng) }
  const field = pick(rng, ['disk', 'here', 'entries', 'directorySize', 'directoryOffset'] as const)
  return { end: { [field]: chance(rng, 0.5) ? pick(rng, NUMBERS) : rng.int(300) } }
}

/** Our contents, or undefined where the archive is refused. */
async function ourReading(bytes: Uint8Array): Promise<Contents | undefined> {
  const source = bytesInMemory(bytes)
  const entries = await zipEntries(source, { totalCap: 1_000_000, fileCap: 100_000 })
  if (!entries.ok) return undefined
  const contents = new Map<string, Buffer>()
  try {
    for (const entry of entries.value) {
      const chunks: Uint8Array[] = []
      for await (const chunk of entryContent(source, entry)) chunks.push(chunk)
      contents.set(entry.name, Buffer.concat(chunks))
    }
  } catch (cause) {
    if (cause instanceof Fault) return undefined
    throw cause
  }
  return contents
}

/** In one spelling; folders are left out as the product leaves them out. */
const spelt = (contents: Contents): string =>
  JSON.stringify(
    [...contents]
      .filter(([name]) => !name.endsWith('/'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, content]) => [name, content.toString('hex')]),
  )

/** An archive, its reader and the two others: also for readers with a planted bug. */
export function archiveInput(rng: Rng, reader: (bytes: Uint8Array) => Promise<Contents | undefined>): FuzzInput {
  const honest = chance(rng, 0.4)
  const names = new Set<string>()
  const parts = Array.from({ length: 1 + rng.int(4) }, () => partOf(rng, honest)).filter(({ name }) => {
    const key = String(name).normalize('NFC').toLowerCase()
    if (honest && names.has(key)) return false
    names.add(key)
    return true
  })
  const whole = zipOf(parts, !honest && chance(rng, 0.3) ? shapeOf(rng) : {})
  const bytes = chance(rng, 0.4) ? damaged(whole, rng) : whole
  return {
    bytes,
    async read() {
      const ours = await reader(bytes)
      if (ours === undefined) return false
      agree('by directory', spelt(ours), spelt(readByDirectory(bytes)))
      agree('as stream', spelt(ours), spelt(readAsStream(bytes)))
      return true
    },
  }
}

export const archive: FuzzTarget = rng => archiveInput(rng, ourReading)
