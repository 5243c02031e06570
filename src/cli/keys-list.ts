// `ratchet keys list`, `show` and `export-public`: what is known of the keys, never a secret.

import { Fault } from '../base/fault.ts'
import { keyNamed, keysOf } from '../loop/key-store.ts'
import { ed25519Pem } from '../release/ed25519.ts'
import type { KeyFileEntry } from '../release/key-entry.ts'
import type { Session, Verb } from './command.ts'
import { example, table } from './lines.ts'

type KeyFacts = Omit<KeyFileEntry, 'secretRef'> & { readonly secret: string | null }

/** @example keyFacts(entry).secret // 'file:hmac-shared-1.key', or null where only the public part is here */
export function keyFacts({ secretRef, ...known }: KeyFileEntry): KeyFacts {
  return { ...known, secret: secretRef ?? null }
}

/** Variables that give keys beside the file, where they are set. */
function givenLines({ ports: { environment } }: Session): string[] {
  const names = ['MANIFEST_HMAC_KEY', 'MANIFEST_SIGNING_KEY', 'MANIFEST_BOT_KEY', 'MANIFEST_MASTER_KEY']
  const set = names.flatMap(name => [name, `${name}_FILE`]).filter(name => environment[name] !== undefined)
  return set.map(name => `the environment gives ${name}`)
}

export const keysList: Verb = (group, act) => {
  group
    .command('list')
    .description('all keys with their use and state')
    .addHelpText('after', example('keys list'))
    .action(
      act(async session => {
        const { epoch = 1, keys } = await keysOf(session.stateDirectory, session.ports)
        const given = givenLines(session)
        const rows = keys.map(key => [
          `  ${key.keyid}`,
          key.use,
          key.state,
          key.notAfter === undefined ? '' : `until ${key.notAfter.slice(0, 19)}Z`,
          key.secretRef === undefined ? 'public part only' : `signs (${key.secretRef})`,
        ])
        const none = keys.length === 0 && given.length === 0 ? ['no keys yet: make one with ratchet keys new'] : []
        session.out.result(
          { epoch, keys: keys.map(keyFacts), environment: given.map(line => line.split(' ').at(-1)) },
          [`epoch ${epoch}`, ...table(rows), ...given.map(line => `  ${line}`), ...none],
        )
      }),
    )
}

export const keysShow: Verb = (group, act) => {
  group
    .command('show')
    .description('one key')
    .argument('<keyid>', 'e.g. hmac:shared:1')
    .addHelpText('after', example('keys show hmac:shared:1'))
    .action(
      act(async ({ ports, out, stateDirectory }, keyid: string) => {
        const facts = keyFacts(keyNamed(keyid, (await keysOf(stateDirectory, ports)).keys))
        const rows = Object.entries(facts).filter(([, value]) => value !== undefined && value !== null)
        out.result(facts, table(rows.map(([name, value]) => [name, String(value)])))
      }),
    )
}

export const keysExportPublic: Verb = (group, act) => {
  group
    .command('export-public')
    .description('print the public part of an Ed25519 key, for whoever verifies')
    .argument('<keyid>', 'e.g. ed25519:0123456789abcdef')
    .option('--pem', 'as a PEM file in place of 64 hex digits')
    .addHelpText('after', example('keys export-public ed25519:0123456789abcdef'))
    .action(
      act(async ({ ports, out, stateDirectory }, keyid: string, { pem = false }: { readonly pem?: boolean }) => {
        const key = keyNamed(keyid, (await keysOf(stateDirectory, ports)).keys)
        if (key.alg === 'hmac') {
          throw new Fault('KEY_NO_PUBLIC', 'an HMAC key has no public part: whoever verifies could sign', {
            place: keyid,
            fix: 'give bots keys of their own (ratchet keys derive), or sign with Ed25519 too',
          })
        }
        const text = pem ? ed25519Pem(Buffer.from(key.publicKey, 'hex')) : key.publicKey
        out.result({ keyid, publicKey: text }, text.trimEnd().split('\n'))
      }),
    )
}
