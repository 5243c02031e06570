// The MAC key of one bot: derived from the master, written into a file for it, and from then on signed with (REL-27).

import { Fault, unwrap } from '../base/fault.ts'
import { botKeyText, masterKey } from '../release/bot-key.ts'
import type { KeyFileEntry } from '../release/key-entry.ts'
import { botKey, hmacKeyId, hmacKeyParts } from '../release/keys.ts'
import { changeKeys, type KeyStorePorts } from './key-store.ts'
import { writeSecret } from './make-key.ts'
import { givenSecret } from './signing-key.ts'

export type BotKeyRequest = {
  readonly bot: string
  /** The newest one that is not revoked where absent, else 1. */
  readonly generation?: number | undefined
  /** File that the bot is given. */
  readonly out: string
}

/**
 * Faults: `KEY_MISSING` without the master, `KEY_FORMAT`, `KEY_STATE` for a revoked generation, `USAGE` for a name that is no bot's,
 * `FILE_EXISTS`, those of the key file.
 */
export async function deriveBotKey(
  { bot, generation, out }: BotKeyRequest,
  directory: string,
  ports: KeyStorePorts,
): Promise<KeyFileEntry> {
  if (hmacKeyParts(hmacKeyId(bot, 1)) === undefined) {
    throw new Fault('USAGE', 'a name of at most 64 letters, digits, dots and hyphens is expected', { place: '--bot' })
  }
  const given = await givenSecret('MANIFEST_MASTER_KEY', ports)
  if (given === undefined) {
    throw new Fault('KEY_MISSING', 'keys of bots come from the master key, which is not here', {
      fix: 'set MANIFEST_MASTER_KEY, or MANIFEST_MASTER_KEY_FILE to the file that holds it',
    })
  }
  const master = unwrap(masterKey(given))
  return changeKeys(directory, ports, async file => {
    const own = file.keys.filter(
      key => key.alg === 'hmac' && key.perBot === true && hmacKeyParts(key.keyid)?.name === bot,
    )
    const standing = own.filter(({ state }) => state === 'active' || state === 'next').map(({ keyid }) => keyid)
    const newest = Math.max(0, ...standing.map(keyid => hmacKeyParts(keyid)!.generation))
    const next = Math.max(0, ...own.map(({ keyid }) => hmacKeyParts(keyid)!.generation)) + 1
    const key = botKey(master, bot, generation ?? (newest > 0 ? newest : next))
    const known = own.find(({ keyid }) => keyid === key.keyid)
    if (known !== undefined && (known.state === 'revoked' || known.state === 'retired')) {
      throw new Fault('KEY_STATE', `it is ${known.state}`, { place: key.keyid, fix: 'leave out --generation' })
    }
    if (known === undefined && file.keys.some(({ keyid }) => keyid === key.keyid)) {
      throw new Fault('KEY_EXISTS', 'a shared key has this id', { place: key.keyid, fix: 'choose another name' })
    }
    await writeSecret(out, botKeyText(key).reveal(), ports)
    const entry: KeyFileEntry = known ?? {
      keyid: key.keyid,
      alg: 'hmac',
      use: 'release',
      state: 'active',
      perBot: true,
      secretRef: 'master',
    }
    return { file: known === undefined ? { ...file, keys: [...file.keys, entry] } : file, value: entry }
  })
}
