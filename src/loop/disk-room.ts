// Whether the disk has room for a release before it is fetched (REL-46).

import { accepted, type Outcome, refused } from '../base/fault.ts'
import type { Ports } from './ports.ts'

const GIB = 1024 ** 3

/** Stays free beside the release in staging and in the store. */
const KEPT_BYTES = GIB

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(2)} GiB`

/**
 * Refusal: `DISK_FULL` where less is free than twice the release and 1 GiB. Fault: `DISK_IO` where the disk does not answer.
 *
 * @param directory that holds the release
 * @example await diskRoom('.ratchet', ports)(32 * 1024 ** 2)
 */
export function diskRoom(
  directory: string,
  { machine }: Pick<Ports, 'machine'>,
): (releaseBytes: number) => Promise<Outcome<void>> {
  return async releaseBytes => {
    const { freeDiskBytes } = await machine(directory)
    const wanted = 2 * releaseBytes + KEPT_BYTES
    if (freeDiskBytes >= wanted) return accepted(undefined)
    return refused('DISK_FULL', `${gib(freeDiskBytes)} free, ${gib(wanted)} are needed to fetch a release`, {
      place: directory,
      fix: 'free some room; the set in charge keeps deciding, and the next pass tries again',
    })
  }
}
