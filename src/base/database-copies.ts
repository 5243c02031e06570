// Copies of a database that is in use, and what stands in one: the port behind backups (DB-08).

export type DatabaseFacts = {
  /** Of the file's bytes. */
  readonly sha256: string
  readonly size: number
  /** What the engine's own check found; undefined where all is well. */
  readonly damage: string | undefined
  /** Rows by table, tables in order of their name; empty where the file is damaged. */
  readonly rows: Readonly<Record<string, number>>
}

export interface DatabaseCopies {
  /** A whole and consistent copy, made while others write; `target` must not be there. Faults: `DATABASE_UNREADABLE`, `BACKUP_FAILED`. */
  copy(file: string, target: string): Promise<void>
  inspect(file: string): Promise<DatabaseFacts>
}
