// SIGUSR2 pulls the kill switch of a running process (RSK-13): the kill file is written before the handler ends, whatever else hangs.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Where signals do not exist (Windows), nothing is listened to.
 *
 * @param path of the kill file
 * @example killOnSignal('.ratchet/kill.txt')
 */
export function killOnSignal(path: string): void {
  if (process.platform === 'win32') return
  process.on('SIGUSR2', () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, 'pulled through Ratchet: signal SIGUSR2\n', { mode: 0o600 })
  })
}
