// A disk in memory that is as strict as a real one may be: what was not synced is gone after a power cut. File contents
// become durable by fsync, names by syncing the directory that holds them.

import type { Disk, DiskStat, OpenFile } from '../src/base/disk.ts'
import { Fault } from '../src/base/fault.ts'

type File = { kind: 'file'; bytes: Uint8Array; durable: Uint8Array; mode: number }
type Directory = { kind: 'directory'; entries: Map<string, Node>; durable: Map<string, Node>; mode: number }
type Node = File | Directory

export type MemoryDisk = Disk & {
  /** The disk after the worst legal power cut: everything that was not synced is lost. This one stays as it is. */
  powerCut(): MemoryDisk
}

const directory = (mode = 0o755): Directory => ({ kind: 'directory', entries: new Map(), durable: new Map(), mode })
const split = (path: string): string[] => path.split('/').filter(part => part !== '' && part !== '.')
const empty = new Uint8Array()

function survivor(node: Node): Node {
  if (node.kind === 'file') return { kind: 'file', bytes: node.durable, durable: node.durable, mode: node.mode }
  const entries = new Map(Array.from(node.durable, ([name, child]) => [name, survivor(child)]))
  return { kind: 'directory', entries, durable: new Map(entries), mode: node.mode }
}

/**
 * @example
 * const disk = memoryDisk()
 * await (await disk.create('a')).write(bytes)
 * await disk.powerCut().stat('a') // undefined: neither the bytes nor the name were synced
 */
export function memoryDisk(root: Directory = directory()): MemoryDisk {
  const find = (path: string): Node | undefined =>
    split(path).reduce<Node | undefined>(
      (node, part) => (node?.kind === 'directory' ? node.entries.get(part) : undefined),
      root,
    )
  const parent = (path: string): { folder: Directory; name: string } => {
    const parts = split(path)
    const folder = find(parts.slice(0, -1).join('/'))
    if (folder?.kind !== 'directory') throw new Fault('FILE_MISSING', 'no such directory', { place: path })
    return { folder, name: parts.at(-1)! }
  }
  const there = (path: string): Node => {
    const node = find(path)
    if (node === undefined) throw new Fault('FILE_MISSING', 'no such file', { place: path })
    return node
  }
  const opened = (file: File): OpenFile => ({
    async write(bytes) {
      file.bytes = Uint8Array.from([...file.bytes, ...bytes])
    },
    async sync() {
      file.durable = file.bytes
    },
    readBack: async () => Uint8Array.from(file.bytes),
    async close() {},
  })
  return {
    powerCut: () => memoryDisk(survivor(root) as Directory),
    async read(path, limit) {
      const node = there(path)
      if (node.kind !== 'file') throw new Fault('FILE_NOT_REGULAR', 'is no plain file', { place: path })
      if (node.bytes.length > limit) throw new Fault('FILE_TOO_LARGE', `is larger than ${limit}`, { place: path })
      return Uint8Array.from(node.bytes)
    },
    async create(path, mode = 0o644) {
      const { folder, name } = parent(path)
      if (folder.entries.has(name)) throw new Fault('FILE_EXISTS', 'is there already', { place: path })
      const file: File = { kind: 'file', bytes: empty, durable: empty, mode }
      folder.entries.set(name, file)
      return opened(file)
    },
    async rename(from, to) {
      const node = there(from)
      const target = find(to)
      if (target?.kind === 'directory' && target.entries.size > 0) {
        throw new Fault('FILE_EXISTS', 'is there already', { place: to })
      }
      const [source, goal] = [parent(from), parent(to)]
      source.folder.entries.delete(source.name)
      goal.folder.entries.set(goal.name, node)
    },
    async remove(path) {
      if (find(path) === undefined) return
      const { folder, name } = parent(path)
      folder.entries.delete(name)
    },
    async makeDirectory(path, mode) {
      let at = root
      for (const part of split(path)) {
        const next = at.entries.get(part) ?? directory(mode)
        if (next.kind === 'file') throw new Fault('FILE_EXISTS', 'is a file', { place: path })
        at.entries.set(part, next)
        at = next
      }
    },
    async syncDirectory(path) {
      const node = there(path)
      if (node.kind === 'directory') node.durable = new Map(node.entries)
    },
    async setMode(path, mode) {
      there(path).mode = mode
    },
    async list(path) {
      const node = find(path)
      if (node?.kind !== 'directory') return []
      const entries = Array.from(node.entries, ([name, child]) => ({ name, kind: child.kind }))
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    async stat(path): Promise<DiskStat | undefined> {
      const node = find(path)
      if (node === undefined) return undefined
      return { kind: node.kind, size: node.kind === 'file' ? node.bytes.length : 0, links: 1, mode: node.mode }
    },
  }
}
