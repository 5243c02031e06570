// Structured log lines as a port; the composition root decides where they go.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface Log {
  /** `event` is stable and dotted (`model.swapped`); `text` is for people; `fields` for machines. */
  write(level: LogLevel, event: string, text: string, fields?: Readonly<Record<string, unknown>>): void
}

export const silentLog: Log = { write() {} }
