// The key file of a state directory as the `keys` commands change it: one at a time, read, changed and written whole (REL-25).

import { Fault, unwrap } from '../base/fault.ts'
import { type KeyFile, type KeyFileEntry, readKeyEntries, settled, writeKeyFile } from '../release/key-entry.ts'
import type { Ports } from './ports.ts'
import { keyFileOf } from './signing-key.ts'

export type KeyStorePorts = Pick<Ports, 'disk' | 'clock' | 'entropy' | 'environment' | 'withLock' | 'log'>

/** The keys as they stand now. Faults: those of `readKeyEntries`. */
export async function keysOf(directory: string, { disk, clock }: Pick<Ports, 'disk' | 'clock'>): Promise<KeyFile> {
  const file = unwrap(await readKeyEntries(disk, keyFileOf(directory)))
  return { ...file, keys: settled(file?.keys ?? [], clock.now()) }
}

/** Faults besides: `LOCK_BUSY` while another command changes the keys. */
export async function changeKeys<T>(
  directory: string,
  ports: KeyStorePorts,
  change: (file: KeyFile) => Promise<{ readonly file: KeyFile; readonly value: T }>,
): Promise<T> {
  const path = keyFileOf(directory)
  await ports.disk.makeDirectory(`${directory}/state`, 0o700)
  return ports.withLock(`${directory}/state/keys.lock`, async () => {
    const { file, value } = await change(await keysOf(directory, ports))
    await writeKeyFile(ports.disk, path, file)
    return value
  })
}

/** Fault: `KEY_UNKNOWN`. */
export function keyNamed(keyid: string, keys: readonly KeyFileEntry[]): KeyFileEntry {
  const found = keys.find(key => key.keyid === keyid)
  if (found !== undefined) return found
  throw new Fault('KEY_UNKNOWN', 'there is no such key here', { place: keyid, fix: 'see: ratchet keys list' })
}
