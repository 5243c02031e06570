// The operating system's errors as faults of the disk port.

import { Fault } from '../../base/fault.ts'

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'FILE_MISSING',
  ENOTDIR: 'FILE_MISSING',
  EEXIST: 'FILE_EXISTS',
  ENOTEMPTY: 'FILE_EXISTS',
  // O_NOFOLLOW met a link.
  ELOOP: 'FILE_NOT_REGULAR',
  EISDIR: 'FILE_NOT_REGULAR',
  ENXIO: 'FILE_NOT_REGULAR',
  ENOSPC: 'DISK_FULL',
  EDQUOT: 'DISK_FULL',
  EROFS: 'DISK_FORBIDDEN',
  EACCES: 'DISK_FORBIDDEN',
  EPERM: 'DISK_FORBIDDEN',
}

const errnoOf = (cause: unknown): string | undefined =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined

/** Runs one operation on a path; what the system refuses becomes a `Fault` that names it. */
export async function onDisk<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (cause) {
    const errno = errnoOf(cause)
    if (errno === undefined || cause instanceof Fault) throw cause
    const code = Object.hasOwn(CODES, errno) ? CODES[errno]! : 'DISK_IO'
    throw new Fault(code, `the system says ${errno}`, { place: path, cause })
  }
}
