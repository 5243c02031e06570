// Structured log lines as a port; the composition root decides where they go.

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** @example reaches('warn', 'info') // true */
export const reaches = (level: LogLevel, least: LogLevel): boolean =>
  LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least)

export interface Log {
  /** `event` is stable and dotted (`model.swapped`); `text` is for people; `fields` for machines. */
  write(level: LogLevel, event: string, text: string, fields?: Readonly<Record<string, unknown>>): void
}

export const silentLog: Log = { write() {} }

/** Log lines on disk. */
export interface LogFiles {
  /** Lines of all files, oldest first, and then undefined; with `signal`, also those that come after that, until it is aborted. */
  lines(directory: string, signal?: AbortSignal): AsyncIterable<string | undefined>
}

/** Familiar tags by the beginning of an event; the first match counts (OBS-05). */
const TAGS: readonly (readonly [RegExp, string])[] = [
  [/^model\.rollback/, 'ROLLBACK'],
  [/^(model\.(reload|swap|host|boot|backup)|runtime)/, 'MODEL-RELOAD'],
  [/^(model|sync|registry|store)\b/, 'CLOUD-SYNC'],
  [/^kill/, 'KILL-SWITCH'],
  [/^(security|keys|release\.verify)/, 'SECURITY'],
  [/^(training|drift|drill|care|backup)/, 'JOBS'],
]

/** Gates had other numbers: GATE-4 covers G6 to G8; GATE-5 is the canary, and later gates had none. */
const gateTag = (gate: number): string | undefined => {
  if (gate <= 3) return `GATE-${gate}`
  return gate >= 6 && gate <= 8 ? 'GATE-4' : undefined
}

/** What a message says in brackets at its beginning, the gate that refused, else by the event; undefined where none fits. */
export function tagOf(event: string, message: string): string | undefined {
  const said = /^\[([A-Z][A-Z0-9-]+)\]/.exec(message)?.[1]
  const gate = /^Model refused .*?: G(\d+): /.exec(message)?.[1]
  const byGate = gate === undefined ? undefined : gateTag(Number(gate))
  return said ?? byGate ?? TAGS.find(([pattern]) => pattern.test(event))?.[1]
}
