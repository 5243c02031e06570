// What an entry of an archive may be called. No name ever becomes a path, yet one that would be harmful as a path shows what the
// archive was made for: the whole of it is refused (REL-48).

import { Fault } from '../base/fault.ts'
import { ARCHIVE_NAME_CAP } from './limits.ts'

const UTF8_FLAG = 0x0800
const ASCII = /^[\x20-\x7e]*$/
/** Control, format (bidirectional overrides, zero-width) and unassigned characters: shown names must be what they look like. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}]/u
/** Device names of Windows, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i

function objection(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (UNSEEN.test(name)) return 'holds characters that cannot be seen'
  if (name.includes('\\')) return 'holds a backslash'
  if (name.includes(':')) return 'names a drive or a stream'
  if (name.startsWith('/')) return 'is absolute'
  const parts = (name.endsWith('/') ? name.slice(0, -1) : name).split('/')
  if (parts.some(part => part === '')) return 'has an empty part'
  if (parts.some(part => part === '.' || part === '..')) return 'climbs'
  if (parts.some(part => /[. ]$/.test(part))) return 'has a part that ends in a dot or a space'
  if (parts.some(part => DEVICE.test(part))) return 'names a device'
  return undefined
}

/**
 * The name as text. Fault: `ARCHIVE_NAME`.
 *
 * @param flags general purpose bits of the entry: without bit 11 only ASCII means the same everywhere
 * @example entryName(new TextEncoder().encode('models/meta.onnx'), 0) // 'models/meta.onnx'
 */
export function entryName(raw: Uint8Array, flags: number): string {
  if (raw.length > ARCHIVE_NAME_CAP) throw refusal(`a name of ${raw.length} bytes`, 'is too long')
  const name = decode(raw)
  if (name === undefined) throw refusal('a name', 'is not UTF-8')
  if ((flags & UTF8_FLAG) === 0 && !ASCII.test(name)) throw refusal(JSON.stringify(name), 'is in no known encoding')
  const wrong = objection(name)
  if (wrong !== undefined) throw refusal(JSON.stringify(name), wrong)
  return name
}

function decode(raw: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    // The caller refuses it with the reason that `undefined` stands for.
    return undefined
  }
}

const refusal = (name: string, reason: string): Fault =>
  new Fault('ARCHIVE_NAME', `${name} ${reason}`, { fix: 'do not use this archive; make it again from its files' })

/** One key for all names that some file system takes for the same. */
const foldedName = (name: string): string => name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')

/** Names that are equal, equal but for case or normalisation, or file and folder at once. Fault: `ARCHIVE_DUPLICATE`. */
export function checkDistinct(names: readonly string[]): void {
  const files = new Map<string, string>()
  for (const name of names) {
    const key = foldedName(name.endsWith('/') ? name.slice(0, -1) : name)
    const other = files.get(key)
    if (other !== undefined)
      throw new Fault('ARCHIVE_DUPLICATE', `${JSON.stringify(name)} and ${JSON.stringify(other)} are one name`)
    files.set(key, name)
  }
  for (const [key, name] of files) {
    for (let cut = key.indexOf('/'); cut >= 0; cut = key.indexOf('/', cut + 1)) {
      const above = files.get(key.slice(0, cut))
      if (above === undefined || above.endsWith('/')) continue
      throw new Fault(
        'ARCHIVE_DUPLICATE',
        `${JSON.stringify(above)} is a file and the folder of ${JSON.stringify(name)}`,
      )
    }
  }
}
