// The key of a vendor, from the environment or from a file that it names; it never becomes part of the configuration (CFG-02, CFG-05).

import type { Disk } from '../../base/disk.ts'
import { Fault } from '../../base/fault.ts'
import { type Secret, secretText } from '../../base/secret.ts'

const FILE_CAP = 4096

export type ApiKeyOptions = {
  /** Of the variable, e.g. `POLYGON_API_KEY`; `<name>_FILE` names a file instead. */
  readonly name: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly disk: Pick<Disk, 'read'>
  /** Where one gets a key. */
  readonly from: string
  /** It is a whole header, such as `Bearer abc`. */
  readonly spaces?: boolean
}

/** Faults: `SECRET_MISSING`, `SECRET_UNREADABLE`, `SECRET_AMBIGUOUS`, `SECRET_INVALID`. */
export async function apiKey({ name, environment, disk, from, spaces = false }: ApiKeyOptions): Promise<Secret> {
  const file = environment[`${name}_FILE`] ?? ''
  const given = environment[name] ?? ''
  const text = (file === '' ? given : await textOf(file, name, disk)).trim()
  if (given !== '' && given.trim() !== text) {
    throw new Fault('SECRET_AMBIGUOUS', `${name} and the file of ${name}_FILE hold different keys`, {
      place: `${name}, ${name}_FILE`,
      fix: 'unset one of them',
    })
  }
  if (text === '') {
    throw new Fault('SECRET_MISSING', `${name} is not set`, {
      place: name,
      fix: `set ${name} to a key from ${from}, or ${name}_FILE to a file that holds one`,
    })
  }
  // A space or a line end inside would split a header.
  if (!(spaces ? /^[\x20-\x7e]{1,512}$/ : /^[\x21-\x7e]{1,512}$/).test(text)) {
    throw new Fault('SECRET_INVALID', `${name} holds something that is no key`, {
      place: given === '' ? file : name,
      fix: `copy the key from ${from} again`,
    })
  }
  return secretText(text)
}

async function textOf(file: string, name: string, disk: Pick<Disk, 'read'>): Promise<string> {
  try {
    return new TextDecoder().decode(await disk.read(file, FILE_CAP))
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    throw new Fault('SECRET_UNREADABLE', `the file that ${name}_FILE names cannot be read: ${cause.code}`, {
      place: file,
      fix: 'check its path and who may read it',
      cause,
    })
  }
}
