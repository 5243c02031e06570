// What a disk may hold after a power cut: a recorded list of operations, and every legal loss of what was not synced. A file's bytes
// are safe after its fsync, a name after the sync of its directory; anything else may be there, missing, or torn.

import { createHash } from 'node:crypto'
import type { Rng } from '../../src/base/rng.ts'
import type { DiskImage } from '../../src/serving/fixtures/memory-disk.ts'
import type { DiskOperation } from '../recording-disk.ts'

type FileNode = { readonly kind: 'file'; synced: Uint8Array; pending: Uint8Array[] }
type DirectoryNode = {
  readonly kind: 'directory'
  readonly live: Map<string, Node>
  readonly durable: Map<string, Node>
}
type Node = FileNode | DirectoryNode

/** One step of the file system's names: a rename changes two of them at once. */
type NameChange = {
  readonly entries: readonly {
    readonly directory: DirectoryNode
    readonly name: string
    readonly node: Node | undefined
  }[]
  /** The directory whose sync makes it last. */
  readonly settledBy: DirectoryNode
}

type Replay = { readonly root: DirectoryNode; pending: NameChange[]; readonly open: Map<string, FileNode> }

const directory = (): DirectoryNode => ({ kind: 'directory', live: new Map(), durable: new Map() })
const partsOf = (path: string): string[] => path.split('/')

function find(root: DirectoryNode, path: string): Node | undefined {
  let node: Node | undefined = root
  for (const part of partsOf(path)) node = node?.kind === 'directory' ? node.live.get(part) : undefined
  return node
}

function parentOf(root: DirectoryNode, path: string): readonly [DirectoryNode, string] {
  const parts = partsOf(path)
  const name = parts.pop()!
  const node = parts.length === 0 ? root : find(root, parts.join('/'))
  if (node?.kind !== 'directory') throw new Error(`no directory for ${path}`)
  return [node, name]
}

function change(replay: Replay, settledBy: DirectoryNode, entries: NameChange['entries']): void {
  for (const { directory: at, name, node } of entries) {
    if (node === undefined) at.live.delete(name)
    else at.live.set(name, node)
  }
  replay.pending.push({ entries, settledBy })
}

function put(replay: Replay, path: string, node: Node | undefined): void {
  const [at, name] = parentOf(replay.root, path)
  if (node === undefined && !at.live.has(name)) return
  change(replay, at, [{ directory: at, name, node }])
}

function apply(replay: Replay, operation: DiskOperation): void {
  const { root } = replay
  switch (operation.kind) {
    case 'create': {
      const file: FileNode = { kind: 'file', synced: new Uint8Array(), pending: [] }
      replay.open.set(operation.path, file)
      put(replay, operation.path, file)
      return
    }
    case 'write':
      replay.open.get(operation.path)!.pending.push(operation.bytes)
      return
    case 'fsync': {
      const file = replay.open.get(operation.path)!
      file.synced = Buffer.concat([file.synced, ...file.pending])
      file.pending = []
      return
    }
    case 'rename': {
      const [from, name] = parentOf(root, operation.path)
      const [to, newName] = parentOf(root, operation.to)
      const node = from.live.get(name)!
      change(replay, to, [
        { directory: from, name, node: undefined },
        { directory: to, name: newName, node },
      ])
      return
    }
    case 'remove':
      if (find(root, operation.path) !== undefined) put(replay, operation.path, undefined)
      return
    case 'mkdir': {
      const parts = partsOf(operation.path)
      for (const length of parts.keys()) {
        const made = parts.slice(0, length + 1).join('/')
        if (find(root, made) === undefined) put(replay, made, directory())
      }
      return
    }
    case 'syncDirectory': {
      const at = find(root, operation.path)
      const settled = replay.pending.filter(({ settledBy }) => settledBy === at)
      replay.pending = replay.pending.filter(({ settledBy }) => settledBy !== at)
      for (const { entries } of settled) settle(entries, entry => entry.directory.durable)
      return
    }
    case 'setMode':
      return
  }
}

type Entry = NameChange['entries'][number]

function settle(entries: readonly Entry[], mapOf: (entry: Entry) => Map<string, Node>): void {
  for (const entry of entries) {
    const names = mapOf(entry)
    if (entry.node === undefined) names.delete(entry.name)
    else names.set(entry.name, entry.node)
  }
}

function startFrom(image: DiskImage): Replay {
  const replay: Replay = { root: directory(), pending: [], open: new Map() }
  for (const [path, bytes] of [...image].sort(([a], [b]) => (a < b ? -1 : 1))) {
    put(replay, path, bytes === null ? directory() : { kind: 'file', synced: bytes, pending: [] })
  }
  for (const { entries } of replay.pending) settle(entries, entry => entry.directory.durable)
  replay.pending = []
  return replay
}

/** How much of what was written since the last fsync is there. */
type Loss = 'lost' | 'torn' | 'full'

function contentOf(file: FileNode, loss: Loss): Uint8Array {
  const written = Buffer.concat(file.pending)
  const kept = loss === 'full' ? written.length : loss === 'torn' ? Math.floor(written.length / 2) : 0
  return Buffer.concat([file.synced, written.subarray(0, kept)])
}

function imageAfter({ root, pending }: Replay, keeps: (index: number) => boolean, lossOf: () => Loss): DiskImage {
  const names = new Map<DirectoryNode, Map<string, Node>>()
  const namesOf = (at: DirectoryNode): Map<string, Node> => {
    const known = names.get(at) ?? new Map(at.durable)
    names.set(at, known)
    return known
  }
  for (const [index, { entries }] of pending.entries()) {
    if (keeps(index)) settle(entries, entry => namesOf(entry.directory))
  }
  const image = new Map<string, Uint8Array | null>()
  const walk = (at: DirectoryNode, prefix: string): void => {
    for (const [name, node] of namesOf(at)) {
      image.set(prefix + name, node.kind === 'directory' ? null : contentOf(node, lossOf()))
      if (node.kind === 'directory') walk(node, `${prefix}${name}/`)
    }
  }
  walk(root, '')
  return image
}

const LOSSES: readonly Loss[] = ['lost', 'torn', 'full']

function* statesOf(replay: Replay, rng: Rng, random: number): Generator<DiskImage> {
  const count = replay.pending.length
  const choices: ((index: number) => boolean)[] = [() => false, () => true]
  for (let i = 0; i < count; i++) {
    choices.push(index => index < i)
    choices.push(index => index !== i)
    // The one that came last may be the one that is there.
    choices.push(index => index === i)
  }
  for (const keeps of choices) for (const loss of LOSSES) yield imageAfter(replay, keeps, () => loss)
  for (let n = 0; n < random; n++) {
    const kept = Array.from({ length: count }, () => rng.int(2) === 1)
    yield imageAfter(
      replay,
      index => kept[index]!,
      () => LOSSES[rng.int(3)]!,
    )
  }
}

const identityOf = (image: DiskImage): string => {
  const hash = createHash('sha256')
  for (const [path, bytes] of [...image].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path}\0${bytes === null ? 'directory' : bytes.length}\0`)
    if (bytes !== null) hash.update(bytes)
  }
  return hash.digest('hex')
}

/**
 * Different disks after a cut behind each of the operations.
 *
 * @param random further states drawn at each cut, beside the systematic ones
 * @param isCut whether the power goes after so many operations; after each where absent
 */
export function* crashStates(
  before: DiskImage,
  operations: readonly DiskOperation[],
  rng: Rng,
  random: number,
  isCut: (after: number) => boolean = () => true,
): Generator<{ readonly after: number; readonly image: DiskImage }> {
  const replay = startFrom(before)
  const seen = new Set<string>()
  for (let after = 0; after <= operations.length; after++) {
    for (const image of isCut(after) ? statesOf(replay, rng, random) : []) {
      const identity = identityOf(image)
      if (seen.has(identity)) continue
      seen.add(identity)
      yield { after, image }
    }
    const next = operations[after]
    if (next !== undefined) apply(replay, next)
  }
}
