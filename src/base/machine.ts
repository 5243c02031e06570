// The machine as a port: what a check of the installation asks of it, measured now.

export type MachineFacts = {
  /** `26.10.0`. */
  readonly node: string
  readonly sqlite: { readonly version: string; readonly supported: boolean }
  /** Free on the file system that holds the place. */
  readonly freeDiskBytes: number
  /** What this process may still take, limits of a container included. */
  readonly freeMemoryBytes: number
  /** That this process and those it trains in have taken since it began, all threads together. */
  readonly cpuMs: number
  /** When this program was written to the disk, ms UTC: no honest clock is earlier. */
  readonly installedAt: number
}

/**
 * @param place an existing file or directory
 * Fault: `DISK_IO` where the file system does not answer.
 */
export type Machine = (place: string) => Promise<MachineFacts>
