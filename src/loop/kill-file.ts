// The kill file as a use: pulled and looked at without asking the loop, so it works while that is busy or gone (RSK-13).

import { type Disk, replaceFile } from '../base/disk.ts'
import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { type KillScope, type Pulled, scopesIn, TRADING_SCOPES } from '../trading/kill-scopes.ts'

export interface KillSwitch {
  /** Durable when it resolves. Pulling it again keeps it pulled, for the newer reason. */
  pull(reason: string, scopes?: readonly KillScope[]): Promise<void>
  /** Undefined while nobody pulled it. A place that cannot be read counts as pulled. A line `scopes: ...` says for what. */
  pulled(): Promise<Pulled | undefined>
  /** The first 1 KiB of the file, for the log; undefined where there is none. */
  text(): Promise<string | undefined>
  /** Takes away what `pull` wrote; the halt stays until it is resumed. Refusal: `KILL_FILE_FOREIGN` where a person put the file there. */
  lift(): Promise<Outcome<void>>
}

/** Only its beginning is for people (RSK-13: the first 1 KiB is logged). */
const SHOWN = 1024
const OURS = 'pulled through Ratchet: '
const TRIES = 100

/** What a scope means for who pulled it. */
const EFFECTS: Readonly<Record<KillScope, string>> = {
  entries: 'nothing is entered',
  cancel: 'working entries are cancelled',
  flatten: 'what is open is closed before the next bar',
  models: 'no release takes charge',
  publish: 'nothing is published',
}

/** Pulls it and gives the sentence of what it does; `scopes` empty: all that trades. */
export async function pullKill(
  kill: Pick<KillSwitch, 'pull'>,
  reason = 'no reason was given',
  scopes: readonly KillScope[] = [],
): Promise<string> {
  await kill.pull(reason, scopes)
  const effects = (scopes.length === 0 ? TRADING_SCOPES : scopes).map(scope => EFFECTS[scope])
  return `The kill file is written: ${effects.join(', ')}.`
}

/** @param name of the file, in the state directory or its `data` folder */
export function killFile(directory: string, name: string, disk: Disk): KillSwitch {
  const own = `${directory}/${name}`
  const places = [own, `${directory}/data/${name}`]

  const textOf = async (path: string): Promise<string | undefined> => {
    try {
      if ((await disk.stat(path)) === undefined) return undefined
      const bytes = await disk.read(path, 1 << 20)
      return new TextDecoder().decode(bytes.subarray(0, SHOWN))
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      return cause.code === 'FILE_MISSING' ? undefined : `the kill file ${path} is there and cannot be read`
    }
  }

  /** Programs that pull at the same moment take each other's temporary file away; who is the last to try gets his through. */
  const write = async (reason: string, scopes: readonly KillScope[]): Promise<void> => {
    const text = `${OURS}${reason.replaceAll('\n', ' ')}\n${scopes.length === 0 ? '' : `scopes: ${scopes.join(', ')}\n`}`
    for (let tries = TRIES; ; tries--) {
      try {
        await replaceFile(disk, own, new TextEncoder().encode(text), 0o600)
        return
      } catch (cause) {
        if (tries > 0 && cause instanceof Fault && /^FILE_(EXISTS|MISSING)$/.test(cause.code)) continue
        throw cause
      }
    }
  }
  let before: Promise<void> = Promise.resolve()

  return {
    async pull(reason, scopes = []) {
      // One after the other, whatever became of the one before.
      const turn = before
      const done = Promise.withResolvers<void>()
      before = done.promise
      await turn
      try {
        await write(reason, scopes)
      } finally {
        done.resolve()
      }
    },
    async text() {
      for (const path of places) {
        const text = await textOf(path)
        if (text !== undefined) return text
      }
      return undefined
    },
    async pulled() {
      for (const path of places) {
        const text = await textOf(path)
        if (text === undefined) continue
        const line = text.replace(OURS, '').split('\n')[0]?.trim() ?? ''
        const scopes = scopesIn(/^scopes:(.*)$/m.exec(text)?.[1] ?? '')
        return { reason: line === '' ? `the kill file ${path} is there` : line, scopes }
      }
      return undefined
    },
    async lift() {
      for (const path of places) {
        const text = await textOf(path)
        if (text === undefined) continue
        if (!text.startsWith(OURS)) {
          return refused('KILL_FILE_FOREIGN', 'a person put the kill file there, so a person has to take it away', {
            place: path,
            fix: 'remove the file, then resume',
          })
        }
        await disk.remove(path)
        await disk.syncDirectory(path.slice(0, path.lastIndexOf('/')))
      }
      return accepted(undefined)
    },
  }
}
