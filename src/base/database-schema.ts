// Which steps of the schema a database has taken: the port behind `ratchet db` (DB-04).

export type SchemaStep = {
  /** `0007-operator`. */
  readonly name: string
  /** When it was taken, ms; undefined: not yet. */
  readonly takenAt: number | undefined
  /** What it runs, in order. */
  readonly statements: readonly string[]
}

export interface DatabaseSchema {
  /**
   * Every step that this program knows, with the moment at which the file took it; the file need not be there.
   * Faults: `DATABASE_UNREADABLE`, `SCHEMA_TOO_NEW`, `MIGRATION_CHANGED`.
   */
  status(file: string): Promise<readonly SchemaStep[]>
  /** Takes what is missing, all or nothing. @returns the names taken. Faults: those of `status`, `MIGRATION_FAILED` */
  migrate(file: string): Promise<readonly string[]>
  /** Takes back every step after number `to`, all or nothing. @returns the names taken back. Faults: likewise */
  rollback(file: string, to: number): Promise<readonly string[]>
}
