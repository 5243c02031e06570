// A child process with our terminal that gets each of our signals once, and never outlives us by accident.

import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const windows = process.platform === 'win32'

/** One Ctrl-C arrives here more than once: from the terminal, and from npm, which passes on what it got. */
const SAME_PRESS_MS = 500

/** How often we look whether npm's shell, which dies of a signal without passing it on, is still there. */
const PARENT_LOOK_MS = 250

/**
 * Runs a program to its end. On POSIX it leads a process group of its own, so a signal reaches it through us alone and once: a program
 * that reads a second Ctrl-C as "at once" would never end orderly otherwise. `group`: its own children get the signal too. `expendable`:
 * nothing is lost when it dies, so it is ended at once, whatever the signal.
 *
 * @returns its exit code or the signal that ended it; `stoppedBy`, the signal that we passed on; `error`, where it could not be started
 */
export function runChild(command, args, { group = false, expendable = false, ...options }) {
  const child = spawn(command, args, { ...options, detached: !windows })
  const send = signal => {
    if (child.pid === undefined) return
    try {
      process.kill(group ? -child.pid : child.pid, signal)
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
  }
  let stoppedBy
  let passedAt = Number.NEGATIVE_INFINITY
  // A closed terminal is a reason to end orderly, not to fall.
  const pass = signal => {
    if (performance.now() - passedAt < SAME_PRESS_MS) return
    passedAt = performance.now()
    stoppedBy ??= signal
    if (expendable) send('SIGKILL')
    else send(signal === 'SIGHUP' ? 'SIGTERM' : signal)
  }
  const handlers = windows
    ? { SIGINT: () => {} } // the console gives Ctrl-C to the child itself
    : {
        SIGINT: pass,
        SIGTERM: pass,
        SIGHUP: pass,
        SIGTSTP: () => {
          send('SIGSTOP')
          process.kill(process.pid, 'SIGSTOP')
        },
        SIGCONT: send,
      }
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler)

  const parent = process.ppid
  let timer
  const look = () => {
    if (process.ppid !== parent) return pass('SIGTERM')
    timer = setTimeout(look, PARENT_LOOK_MS)
  }
  if (!windows && process.env.npm_lifecycle_event !== undefined) look()

  return new Promise(resolve => {
    const end = result => {
      clearTimeout(timer)
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler)
      resolve({ ...result, stoppedBy })
    }
    child.on('error', error => end({ code: null, signal: null, error }))
    child.on('exit', (code, signal) => end({ code, signal }))
  })
}

/** Ends this process as the child ended. */
export function endAs({ code, signal }) {
  if (signal === null) process.exit(code ?? 1)
  process.kill(process.pid, signal)
  process.exit(128 + constants.signals[signal])
}
