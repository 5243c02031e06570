// Archives of the fault catalogue, section C: what is no plain, honest zip is refused whole, each for its own reason.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { type ZipPart, type ZipShape, zipOf } from './fixtures/zip-writer.ts'
import { zipEntries } from './zip.ts'
import { bytesInMemory } from './zip-bytes.ts'
import { entryContent } from './zip-content.ts'

const text = (content: string): Uint8Array => new TextEncoder().encode(content)

/** The contents by name, or the code of the refusal. */
async function read(bytes: Uint8Array): Promise<ReadonlyMap<string, string> | string> {
  const source = bytesInMemory(bytes)
  const entries = await zipEntries(source)
  if (!entries.ok) return entries.fault.code
  const contents = new Map<string, string>()
  try {
    for (const entry of entries.value) {
      const chunks: Uint8Array[] = []
      for await (const chunk of entryContent(source, entry)) chunks.push(chunk)
      contents.set(entry.name, Buffer.concat(chunks).toString())
    }
  } catch (cause) {
    return (cause as { code: string }).code
  }
  return contents
}

const codeOf = async (parts: readonly ZipPart[], shape?: ZipShape): Promise<string> => {
  const found = await read(zipOf(parts, shape))
  return typeof found === 'string' ? found : 'accepted'
}

const good: ZipPart = { name: 'metadata.json', content: '{"a": 1}' }
const other: ZipPart = { name: 'models/meta.onnx', content: 'the bytes of a graph '.repeat(20), deflate: true }

test('a sound archive gives its contents, stored or deflated, with sizes before or after them', async () => {
  const parts: ZipPart[] = [
    { name: 'models/', content: '' },
    good,
    other,
    { ...other, name: 'signed', descriptor: 'signed' },
    { ...other, name: 'bare', descriptor: 'bare' },
    { ...good, name: 'größe.json' },
    { name: 'empty' },
  ]
  const found = await read(zipOf(parts))
  assert.ok(typeof found !== 'string')
  assert.deepEqual([...found.keys()], ['metadata.json', 'models/meta.onnx', 'signed', 'bare', 'größe.json', 'empty'])
  assert.equal(found.get('metadata.json'), '{"a": 1}')
  assert.equal(found.get('bare'), other.content)
  const writtenByInfoZip = { extra: Uint8Array.of(0x55, 0x54, 1, 0, 0) }
  assert.equal(await codeOf([{ ...good, both: writtenByInfoZip }]), 'accepted')
})

// Why each must fail: as a path it would leave the folder, name a device, or be shown as something else than it is.
const NAMES = [
  '../x', 'a/../b', '..', 'a/..', './a', 'a/./b', '/etc/passwd', '//host/share', 'C:/x', 'C:x', 'file:stream',
  '..\\x', 'a\\b', '\\\\host\\share', 'nul\0l', 'a\nb', 'a\x7fb', '', 'a//b', '/', 'a.', 'a ', 'dir./x', 'dir /x',
  '...', 'CON', 'nul.txt', 'a/LPT1.onnx', 'COM1/x', 'a\u202eonnx.exe', 'zero\u200bwidth', 'x'.repeat(256),
] // biome-ignore format: one row a family
for (const name of NAMES) {
  test(`fault 35: an entry named ${JSON.stringify(name.slice(0, 20))} spoils the whole archive`, async () => {
    assert.equal(await codeOf([good, { ...good, name }]), 'ARCHIVE_NAME')
  })
}

test('fault 35: a name that is not UTF-8, or not said to be, is refused', async () => {
  assert.equal(await codeOf([{ ...good, name: Uint8Array.of(0x61, 0xff) }]), 'ARCHIVE_NAME')
  assert.equal(await codeOf([{ ...good, name: Uint8Array.of(0xc3, 0xa4), both: { flags: 0 } }]), 'ARCHIVE_NAME')
  assert.equal(await codeOf([{ ...good, name: Uint8Array.of(0xc0, 0xae, 0xc0, 0xae, 0x2f) }]), 'ARCHIVE_NAME')
})

test('fault 35: no accepted name climbs, is absolute or can hide anything', async () => {
  const unit = fc.constantFrom('a', 'B', '.', '/', '\\', ':', ' ', '\0', 'ä', '\u202e', '..', 'con')
  await fc.assert(
    fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 8 }), async units => {
      const name = units.join('')
      if ((await codeOf([{ ...good, name, ...(name.endsWith('/') && { content: '' }) }])) !== 'accepted') return
      const parts = name.replace(/\/$/, '').split('/')
      assert.ok(
        parts.every(part => part !== '' && !/^\.\.?$|[. ]$|^con$/i.test(part)),
        name,
      )
      assert.ok(!/[\\:\0\u202e]/.test(name), name)
    }),
    { seed: 35, numRuns: 2_000 },
  )
})

test('fault 36: links, devices and pipes are refused, whoever is said to have made the archive', async () => {
  // S_IFLNK, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK: an unpacker that obeyed the mode would make one.
  for (const type of [0o120000, 0o020000, 0o060000, 0o010000, 0o140000]) {
    assert.equal(await codeOf([{ ...good, attributes: (type | 0o777) * 0x10000 }]), 'ARCHIVE_SPECIAL_FILE')
  }
  // Reparse point, volume label and device of DOS and Windows.
  for (const bit of [0x400, 0x08, 0x40]) {
    assert.equal(await codeOf([{ ...good, attributes: bit }]), 'ARCHIVE_SPECIAL_FILE')
  }
  // PKWARE's Unix field holds the target of a hard link.
  const hardLink = { extra: Uint8Array.of(0x0d, 0, 2, 0, 0x2f, 0x78) }
  assert.equal(await codeOf([{ ...good, both: hardLink }]), 'ARCHIVE_EXTRA_FIELD')
  assert.equal(await codeOf([{ ...good, attributes: 0o40755 * 0x10000 }]), 'ARCHIVE_HEADER')
  assert.equal(await codeOf([{ name: 'a/', attributes: 0o100644 * 0x10000 }]), 'ARCHIVE_HEADER')
  assert.equal(await codeOf([{ name: 'a/', content: 'x' }]), 'ARCHIVE_HEADER')
  assert.equal(await codeOf([{ name: 'a/', both: { crc: 38 } }]), 'ARCHIVE_HEADER')
  assert.equal(await codeOf([{ name: 'a/', both: { method: 8 } }]), 'ARCHIVE_HEADER')
})

test('fault 37: a nested bomb is refused unread, and so is any archive within the archive', async () => {
  let bomb = zipOf([{ name: 'zeros', content: new Uint8Array(90_000), deflate: true }])
  for (let depth = 0; depth < 5; depth++) bomb = zipOf([{ name: 'inner.zip', content: bomb, deflate: true }])
  assert.equal(await codeOf([{ name: 'model.onnx', content: bomb }]), 'ARCHIVE_NESTED')
  const magics = [
    'PK\x05\x06',
    '\x1f\x8b\x08',
    '\xfd7zXZ\0',
    '7z\xbc\xaf\x27\x1c',
    'Rar!\x1a\x07\0',
    'BZh9',
    '\x28\xb5\x2f\xfd',
  ]
  for (const magic of [...magics, `${'\0'.repeat(257)}ustar\x0000`]) {
    const content = Buffer.from(magic, 'latin1')
    assert.equal(await codeOf([{ name: 'a.json', content }]), 'ARCHIVE_NESTED', magic)
  }
  // The magic arrives byte by byte: each in a block of its own.
  const block = (byte: number) => [0, 1, 0, 0xfe, 0xff, byte]
  const packed = Uint8Array.from([...block(0x50), ...block(0x4b), ...block(3), ...block(4), 3, 0])
  assert.equal(
    await codeOf([{ name: 'a', content: Uint8Array.of(0x50, 0x4b, 3, 4), packed, both: { method: 8 } }]),
    'ARCHIVE_NESTED',
  )
})

test('fault 38: entries that share bytes, grow more than a hundredfold or are too large together are refused', async () => {
  // Fifield's bomb: many records point to one content.
  assert.equal(await codeOf([good, { ...good, central: { offset: 0, name: text('again') } }]), 'ARCHIVE_OVERLAP')
  assert.equal(await codeOf([{ ...good, both: { packedSize: 400, size: 400 } }]), 'ARCHIVE_OVERLAP')
  assert.equal(await codeOf([{ ...good, central: { offset: 60 } }]), 'ARCHIVE_OVERLAP')
  assert.equal(await codeOf([{ name: 'zeros', content: new Uint8Array(200_000), deflate: true }]), 'ARCHIVE_RATIO')
  assert.equal(await codeOf([{ ...other, both: { size: 2 ** 31 } }]), 'ARCHIVE_SIZE')
  const varied = new Uint8Array(600).map((_, i) => (i * i) % 251)
  const bytes = bytesInMemory(zipOf(['a', 'b'].map(name => ({ name, content: varied, deflate: true }))))
  assert.ok(bytes.size < 1_199)
  const total = async (totalCap: number) => {
    const entries = await zipEntries(bytes, { totalCap })
    return entries.ok ? 'accepted' : entries.fault.code
  }
  assert.equal(await total(1_200), 'accepted')
  assert.equal(await total(1_199), 'ARCHIVE_SIZE')
  assert.equal(await total(bytes.size - 1), 'ARCHIVE_SIZE')
})

test('fault 39: ten bytes are declared and far more are there: nothing beyond the tenth is taken', async () => {
  const packed = deflateRawSync(new Uint8Array(64 * 1024 * 1024))
  const lie: ZipPart = { name: 'small.json', content: new Uint8Array(10), packed, both: { method: 8 } }
  const source = bytesInMemory(zipOf([lie]))
  const entries = await zipEntries(source)
  assert.ok(entries.ok)
  let taken = 0
  await assert.rejects(
    async () => {
      for await (const chunk of entryContent(source, entries.value[0]!)) taken += chunk.length
    },
    { code: 'ARCHIVE_SIZE' },
  )
  assert.equal(taken, 0, 'the chunk that goes too far is not handed out')
  assert.equal(await codeOf([{ ...other, both: { size: 10 } }]), 'ARCHIVE_SIZE')
  assert.equal(await codeOf([{ ...other, both: { size: 1_000 } }]), 'ARCHIVE_SIZE')
})

test('fault 40: too many entries are refused by their number and by the size of the directory', async () => {
  const empties = (count: number): ZipPart[] => Array.from({ length: count }, (_, i) => ({ name: `e${i}` }))
  assert.equal(await codeOf(empties(64)), 'accepted')
  assert.equal(await codeOf(empties(65)), 'ARCHIVE_ENTRIES')
  // A directory that holds more than it counts, and one of a million records that counts one.
  assert.equal(await codeOf(empties(65), { end: { entries: 64, here: 64 } }), 'ARCHIVE_ENTRIES')
  const end = zipOf([], { end: { entries: 1, here: 1, directorySize: 46_000_000, directoryOffset: 2 } })
  const bytes = Buffer.concat([Buffer.from('PK'), Buffer.alloc(46_000_000), end])
  assert.equal(await read(new Uint8Array(bytes)), 'ARCHIVE_ENTRIES')
})

test('fault 41: names that are equal, or that some disk takes for equal, are refused', async () => {
  const pairs = [
    ['a', 'a'],
    ['Model.onnx', 'model.ONNX'],
    ['caf\u00e9', 'cafe\u0301'],
    ['\ufb01le', 'file'],
    ['STRASSE', 'straße'],
    ['\u212aey', 'key'],
    ['a', 'a/b'],
    ['A/b/c', 'a/B'],
    ['a', 'a/'],
  ] as const
  for (const names of pairs) {
    const parts = names.map(name => ({ name, content: name.endsWith('/') ? '' : 'x' }))
    assert.equal(await codeOf(parts), 'ARCHIVE_DUPLICATE', names.join())
  }
  assert.equal(await codeOf([{ name: 'a/' }, { name: 'a/b' }, { name: 'ab' }]), 'accepted')
})

test('fault 42: a local header unlike the directory is refused, whatever field it is', async () => {
  const changes: ZipPart['local'][] = [
    { version: 10 },
    { flags: 2 },
    { method: 8 },
    { moment: 7 },
    { crc: 7 },
    { packedSize: 7 },
    { size: 7 },
    { name: text('Metadata.json') },
    { name: text('metadata.jso') },
  ]
  for (const local of changes) {
    const code = await codeOf([{ ...good, local }, other])
    assert.match(code, /^ARCHIVE_(HEADER|EXTRA_DATA|OVERLAP)$/, JSON.stringify(local))
    assert.match(await codeOf([{ ...good, central: local }, other]), /^ARCHIVE_/)
  }
  assert.equal(await codeOf([{ ...other, descriptor: 'signed', trailing: { crc: 1 } }]), 'ARCHIVE_HEADER')
  assert.equal(await codeOf([{ ...other, descriptor: 'bare', trailing: { size: 1 } }, good]), 'ARCHIVE_HEADER')
  assert.equal(await codeOf([{ ...other, descriptor: 'bare', local: { size: 7 } }]), 'ARCHIVE_HEADER')
  // Zeros that are stored with their size behind them: from the front they end at once, by the directory they do not.
  assert.equal(await codeOf([{ name: 'a', content: new Uint8Array(20), descriptor: 'bare' }]), 'ARCHIVE_METHOD')
  const signature = { crc: 0x08074b50 }
  assert.equal(await codeOf([{ ...other, descriptor: 'bare', both: signature, local: { crc: 0 } }]), 'ARCHIVE_HEADER')
})

test('fault 42: data before, between, behind or within entries is refused', async () => {
  const junk = text('PK is not only this')
  assert.equal(await codeOf([good, other], { before: junk }), 'ARCHIVE_EXTRA_DATA')
  assert.equal(await codeOf([good, other], { before: text('MZ') }), 'ARCHIVE_MAGIC')
  assert.equal(await codeOf([good, { ...other, gap: junk }]), 'ARCHIVE_EXTRA_DATA')
  assert.equal(await codeOf([good, other], { between: junk }), 'ARCHIVE_EXTRA_DATA')
  assert.equal(await codeOf([good, other], { beforeEnd: junk }), 'ARCHIVE_EXTRA_DATA')
  assert.equal(await codeOf([good, other], { after: junk }), 'ARCHIVE_END')
  assert.equal(await codeOf([good, other], { comment: junk }), 'ARCHIVE_EXTRA_DATA')
  assert.equal(await codeOf([{ ...good, comment: 'x' }]), 'ARCHIVE_EXTRA_DATA')
  const packed = Buffer.concat([deflateRawSync(Buffer.from('x')), junk])
  assert.equal(await codeOf([{ name: 'a', content: 'x', packed, both: { method: 8 } }]), 'ARCHIVE_EXTRA_DATA')
  assert.equal(
    await codeOf([
      { ...other, descriptor: 'signed' },
      { ...good, gap: junk },
    ]),
    'ARCHIVE_EXTRA_DATA',
  )
})

test('fault 42: two end records, and two archives in one file, are refused', async () => {
  // A reader that searches from the front and one that searches from the back would find different directories.
  const whole = zipOf([good])
  assert.equal(await codeOf([other], { comment: zipOf([]) }), 'ARCHIVE_END')
  assert.equal(await read(new Uint8Array(Buffer.concat([whole, zipOf([other])]))), 'ARCHIVE_EXTRA_DATA')
  assert.equal(await codeOf([other], { before: whole }), 'ARCHIVE_EXTRA_DATA')
  assert.equal(await codeOf([good], { end: { here: 2 } }), 'ARCHIVE_HEADER')
  assert.equal(await codeOf([good], { end: { disk: 1 } }), 'ARCHIVE_HEADER')
  assert.equal(await codeOf([{ ...good, central: { disk: 1 } }]), 'ARCHIVE_HEADER')
})

test('fault 43: encryption, other methods, the 64-bit form and wrong checksums are refused', async () => {
  for (const flags of [0x0001, 0x0041, 0x2000]) {
    assert.equal(await codeOf([{ ...good, both: { flags } }]), 'ARCHIVE_ENCRYPTED')
  }
  // Shrink, implode, deflate64, bzip2, LZMA, zstd, xz, WavPack, PPMd, AES.
  for (const method of [1, 6, 9, 12, 14, 93, 95, 97, 98, 99]) {
    assert.equal(await codeOf([{ ...good, both: { method } }]), 'ARCHIVE_METHOD')
  }
  assert.equal(await codeOf([{ ...good, both: { flags: 0x20 } }]), 'ARCHIVE_METHOD')
  assert.equal(await codeOf([{ ...good, both: { version: 46 } }]), 'ARCHIVE_ZIP64')
  assert.equal(await codeOf([{ ...good, both: { version: 40 } }]), 'ARCHIVE_METHOD')
  const wide = { extra: Uint8Array.of(1, 0, 8, 0, 8, 0, 0, 0, 0, 0, 0, 0) }
  assert.equal(await codeOf([{ ...good, both: wide }]), 'ARCHIVE_ZIP64')
  assert.equal(await codeOf([{ ...good, both: { size: 0xffffffff } }]), 'ARCHIVE_ZIP64')
  assert.equal(await codeOf([good], { end: { entries: 0xffff, here: 0xffff } }), 'ARCHIVE_ZIP64')
  assert.equal(await codeOf([good], { end: { directoryOffset: 0xffffffff } }), 'ARCHIVE_ZIP64')
  assert.equal(await codeOf([{ ...good, both: { crc: 1 } }]), 'ARCHIVE_CRC')
  assert.equal(await codeOf([{ ...other, both: { crc: 1 } }]), 'ARCHIVE_CRC')
  assert.equal(await codeOf([{ ...other, packed: text('no deflate at all') }]), 'ARCHIVE_DATA')
  assert.equal(await codeOf([{ ...good, both: { extra: Uint8Array.of(0x55, 0x54, 9, 0, 1) } }]), 'ARCHIVE_HEADER')
  // Info-ZIP's second name, which some readers take in place of the first.
  assert.equal(await codeOf([{ ...good, both: { extra: Uint8Array.of(0x75, 0x70, 0, 0) } }]), 'ARCHIVE_EXTRA_FIELD')
})

test('fault 46: a tar, a gzip and no archive at all are refused by their first bytes', async () => {
  const tar = new Uint8Array(1024)
  tar.set(text('model.onnx'))
  tar.set(text('ustar'), 257)
  for (const bytes of [tar, Uint8Array.of(0x1f, 0x8b, 8, 0), text('onnx'), new Uint8Array()]) {
    assert.equal(await read(bytes), 'ARCHIVE_MAGIC')
  }
  assert.equal(await read(text('PK')), 'ARCHIVE_END')
})
