// SIGHUP to a process without a terminal asks for its configuration to be read again (CFG-08); with one it means that the terminal is gone,
// which is a reason to stop in good order (`stop.ts`).

/**
 * @param reload does not throw
 * @returns ends it
 * @example const end = reloadOnHangup(() => log.write('info', 'config.reloaded', 'read again'))
 */
export function reloadOnHangup(reload: () => void): () => void {
  if (process.platform === 'win32' || process.stdin.isTTY) return () => undefined
  process.on('SIGHUP', reload)
  return () => void process.off('SIGHUP', reload)
}
