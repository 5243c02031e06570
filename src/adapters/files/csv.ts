// A CSV file, plain, .gz or .zst, as a stream of text rows (RFC 4180), with its hash.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { Fault } from '../../base/fault.ts'
import type { RawRow, RowSource } from '../../data/rows.ts'

/** No bar file of any vendor has a longer line; a binary file usually does. */
const MAX_LINE = 65_536

/** Faults: `FILE_MISSING`, `FILE_NOT_REGULAR`, `FILE_UNREADABLE`. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    const found = await stat(path)
    if (!found.isFile())
      throw new Fault('FILE_NOT_REGULAR', 'this is not a file', { place: path, fix: 'name a CSV or Parquet file' })
    const sink = new Writable({
      write(chunk: Uint8Array, _, done) {
        hash.update(chunk)
        done()
      },
    })
    await pipeline(createReadStream(path), sink)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const missing = (cause as { code?: string }).code === 'ENOENT'
    throw missing
      ? new Fault('FILE_MISSING', 'there is no such file', { place: path, fix: 'check the path', cause })
      : new Fault('FILE_UNREADABLE', 'the file cannot be read', { place: path, fix: 'check its permissions', cause })
  }
  return hash.digest('hex')
}

function splitLine(line: string, place: string): string[] {
  if (!line.includes('"')) return line.split(',')
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (quoted && char === '"' && line[i + 1] === '"') {
      cell += '"'
      i++
    } else if (char === '"') quoted = !quoted
    else if (char === ',' && !quoted) {
      cells.push(cell)
      cell = ''
    } else cell += char
  }
  if (quoted)
    throw new Fault('DATA_CSV_QUOTE', 'a quote is opened and never closed on this line', {
      place,
      fix: 'mend the line',
    })
  cells.push(cell)
  return cells
}

async function* linesOf(path: string): AsyncIterable<{ line: number; text: string }> {
  const raw = createReadStream(path)
  const unpack = path.endsWith('.gz') ? createGunzip() : path.endsWith('.zst') ? createZstdDecompress() : undefined
  const stream: Readable = unpack === undefined ? raw : raw.pipe(unpack)
  if (unpack !== undefined) raw.on('error', error => unpack.destroy(error))
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 0
  let rest = ''
  const tooLong = () =>
    new Fault('DATA_NOT_TEXT', `line ${line + 1} is longer than ${MAX_LINE} characters`, {
      place: `${path}:${line + 1}`,
      fix: 'this is no CSV of bars; name another file',
    })
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      rest += decoder.decode(chunk, { stream: true })
      let from = 0
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
        if (end - from > MAX_LINE) throw tooLong()
        line++
        yield { line, text: rest.slice(from, end).replace(/\r$/, '') }
        from = end + 1
      }
      rest = rest.slice(from)
      if (rest.length > MAX_LINE) throw tooLong()
    }
    rest += decoder.decode()
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const code = (cause as { code?: string }).code ?? ''
    if (cause instanceof TypeError) {
      throw new Fault('DATA_NOT_TEXT', 'the file is not UTF-8 text', {
        place: `${path}:${line + 1}`,
        fix: 'export it as UTF-8 CSV',
        cause,
      })
    }
    if (code.startsWith('Z_') || code.startsWith('ZSTD') || code === 'ERR_STREAM_PREMATURE_CLOSE') {
      throw new Fault('DATA_COMPRESSED_BROKEN', 'the compressed file is damaged or cut off', {
        place: path,
        fix: 'fetch it again',
        cause,
      })
    }
    throw new Fault('FILE_UNREADABLE', 'the file cannot be read', { place: path, fix: 'check its permissions', cause })
  } finally {
    stream.destroy()
    raw.destroy()
  }
  if (rest !== '') yield { line: line + 1, text: rest.replace(/\r$/, '') }
}

/**
 * Faults: `DATA_EMPTY`, `DATA_NOT_TEXT`, `DATA_COMPRESSED_BROKEN`, `DATA_CSV_QUOTE`, `FILE_UNREADABLE`, each with file and line.
 */
export async function csvSource(path: string): Promise<RowSource> {
  const lines = linesOf(path)[Symbol.asyncIterator]()
  const head = await lines.next()
  const header = head.done === true ? '' : head.value.text.replace(/^\uFEFF/, '')
  await lines.return?.()
  if (header.trim() === '')
    throw new Fault('DATA_EMPTY', 'the file is empty', { place: path, fix: 'name a file with a header and rows' })
  if (header.includes('\0'))
    throw new Fault('DATA_NOT_TEXT', 'the file is not text', { place: `${path}:1`, fix: 'name a CSV or Parquet file' })
  return {
    name: path,
    columns: splitLine(header, `${path}:1`),
    async *rows(): AsyncIterable<RawRow> {
      for await (const { line, text } of linesOf(path)) {
        if (line === 1 || text.trim() === '') continue
        yield { line, cells: splitLine(text, `${path}:${line}`) }
      }
    },
  }
}
