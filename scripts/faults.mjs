// The numbered faults that this product must stand, and which tests show it: a test names its case, `fault 67: …`. A case without a test is
// a problem; one that could only be skipped is told as such and is not passed.

/** Number, section and fault. */
export const CASES = [
  [1, 'A', 'name lookup fails, connection refused on poll'],
  [2, 'A', 'reset after byte N of a model'],
  [3, 'A', 'Content-Length larger or smaller than the signed size'],
  [4, 'A', 'endless body without length'],
  [5, 'A', '1 byte/s'],
  [6, 'A', 'stall after headers'],
  [7, 'A', '429/503 with Retry-After in seconds, date, 10 years, negative'],
  [8, 'A', 'redirect to other host, http, metadata address, file:'],
  [9, 'A', 'wrong name, self-signed, expired certificate'],
  [10, 'A', 'decompression bomb by Content-Encoding'],
  [11, 'A', 'pointer visible before blob'],
  [12, 'A', 'ETag mistaken for a hash'],
  [13, 'A', 'two publishers race on the pointer'],
  [14, 'A', 'mirror A old, B new, C corrupt'],
  [15, 'B', 'any single bit flipped in manifest or signature'],
  [16, 'B', 'envelope payload re-serialised (order, spaces, escapes)'],
  [17, 'B', 'duplicate keys, __proto__, > 2^53, NaN, deep nesting, BOM, UTF-16, lone surrogate'],
  [18, 'B', 'signature empty, short, other alphabet or padding'],
  [19, 'B', 'algorithm confusion: none, other hash, public key used as MAC key'],
  [20, 'B', 'unknown, revoked or changed key id'],
  [21, 'B', 'old valid manifest replayed'],
  [22, 'B', 'same version, other content'],
  [23, 'B', 'version jump to 2^53-1'],
  [24, 'B', 'expired manifest'],
  [25, 'B', 'pointer valid but not renewed'],
  [26, 'B', 'issued in the future'],
  [27, 'B', 'manifest for another symbol, channel, account, profile'],
  [28, 'B', 'manifest N with model, schema or golden of N-1'],
  [29, 'B', 'right MAC with wrong sha256; right sha256 with wrong size'],
  [30, 'B', 'previous-hash chain broken or forked'],
  [31, 'B', 'MAC key compromised'],
  [32, 'B', 'MAC right, Ed25519 missing or wrong, policy wants both'],
  [33, 'B', 'file exchanged between verify and load'],
  [34, 'B', 'high-water state deleted or truncated'],
  [35, 'C', '../x, absolute, drive, backslash, NUL, trailing dot or space'],
  [36, 'C', 'symlink, hardlink, device, fifo entry'],
  [37, 'C', 'nested bomb'],
  [38, 'C', 'overlapping entries, ratio > 100, total > cap'],
  [39, 'C', 'declared 10 B, real 10 GB'],
  [40, 'C', '1,000,000 empty entries'],
  [41, 'C', 'duplicate, case- or normalisation-equal names'],
  [42, 'C', 'local header unlike central directory, data around, two end records'],
  [43, 'C', 'encrypted, unknown method, zip64 lies, bad CRC'],
  [44, 'C', 'setuid or 777 modes'],
  [45, 'C', 'truncated at each of 200 offsets'],
  [46, 'C', 'tar where zip is expected'],
  [47, 'D', 'empty, truncated, random bytes'],
  [48, 'D', 'external data: parent path, absolute, link, hardlink, missing, huge offset'],
  [49, 'D', 'in-memory-address location marker'],
  [50, 'D', 'allocation bombs (ConstantOfShape, Expand, Tile, Range)'],
  [51, 'D', 'infinite Loop or Scan, 400 nested If'],
  [52, 'D', 'dims negative, overflowing, unlike data'],
  [53, 'D', 'unknown domain, custom op, local function'],
  [54, 'D', 'cycle, dangling input, duplicate output, shadowed name'],
  [55, 'D', 'wrong input name, type, rank, count, output'],
  [56, 'D', 'feature order permuted, same shape'],
  [57, 'D', 'NaN, Inf, denormal weights or outputs'],
  [58, 'D', 'constant output, one class, probabilities not summing to 1'],
  [59, 'D', 'opset or IR newer than runtime'],
  [60, 'D', '> cap bytes, 10^6 nodes, 10^5-long names, deep protobuf'],
  [61, 'D', 'model crashes the runtime in load or run'],
  [62, 'D', 'probe fine, other result in the live process'],
  [63, 'D', 'inference 10x slower'],
  [64, 'D', 'leak over 2,000 swaps'],
  [65, 'E', 'SIGKILL around s1 (staging made)'],
  [66, 'E', 'around s2 (download)'],
  [67, 'E', 'around s3 (fsync blob)'],
  [68, 'E', 'around s4 (verify, high-water)'],
  [69, 'E', 'around s5 (probe, gates)'],
  [70, 'E', 'around s6 (rename to store)'],
  [71, 'E', 'around s7 (fsync directory)'],
  [72, 'E', 'around s8 (row INSTALLED)'],
  [73, 'E', 'around s9 (pin, backup)'],
  [74, 'E', 'between s10 and s12'],
  [75, 'E', 'between s12 and s13'],
  [76, 'E', 'between s12 and s14'],
  [77, 'E', 'between s14 and s15'],
  [78, 'E', 'during s16, s17'],
  [79, 'E', 'at each step of a rollback'],
  [80, 'E', 'two processes install at once; stale lock with recycled pid'],
  [81, 'E', 'power cut: unsynced data lost, rename persisted first'],
  [82, 'E', 'new model crashes the bot at boot 3 times'],
  [83, 'F', 'ENOSPC at each write'],
  [84, 'F', 'EIO on read, write, fsync'],
  [85, 'F', 'read-only or forbidden registry'],
  [86, 'F', 'descriptors exhausted'],
  [87, 'F', 'bit rot in the active blob at boot'],
  [88, 'F', 'CURRENT empty, garbage, link, names a missing digest'],
  [89, 'F', 'files edited or deleted under a running bot'],
  [90, 'F', 'backup unreadable when rollback is needed'],
  [91, 'G', 'wall clock jumps a day either way'],
  [92, 'G', 'clock before last signed time seen'],
  [93, 'G', 'DST change, leap second, 29 Feb in the 30-minute schedule'],
  [94, 'G', 'pause 60 s (SIGSTOP, suspend)'],
  [95, 'H', 'process killed mid-transaction'],
  [96, 'H', 'torn or zeroed WAL tail, shm deleted'],
  [97, 'H', 'main database file corrupt'],
  [99, 'H', 'SQLite older than 3.51.3'],
  [101, 'H', 'migration killed halfway'],
  [157, 'L', 'swap with open position or mid-decision'],
  [159, 'M', 'breaker histories of any order'],
  [160, 'M', 'retry storm'],
  [161, 'M', 'any arrivals and clock jumps at the token bucket'],
  [162, 'M', 'restart with breaker open'],
  [163, 'M', '10x API load'],
  [164, 'M', 'slow headers, idle sockets'],
  [165, 'M', 'event-loop stall 200 ms'],
  [166, 'M', 'metric label bomb; scrape during swap'],
  [167, 'M', 'SIGTERM during decision, swap, training'],
  [172, 'N', 'rollback target fails too'],
]

const NAMED = /\bfaults? (\d+(?:(?:, | and |-)\d+)*)/g

/**
 * The cases that a test's name claims.
 *
 * @example numbersIn('faults 67, 68 and 70-72: killed') // [67, 68, 70, 71, 72]
 */
export function numbersIn(name) {
  const found = []
  for (const [, list] of name.matchAll(NAMED)) {
    for (const part of list.split(/, | and /)) {
      const [from, to = from] = part.split('-').map(Number)
      for (let number = from; number <= to; number++) found.push(number)
    }
  }
  return found
}

/**
 * @param tests `{ name, outcome, reason }` of every test that ran; `outcome` is `passed`, `failed` or `skipped`
 * @returns `lines` of a table, one a case, and `problems`: cases that failed or that no test names
 */
export function faultTable(tests) {
  const byCase = new Map(CASES.map(([number]) => [number, { passed: 0, failed: 0, skipped: 0, reasons: new Set() }]))
  for (const { name, outcome, reason } of tests) {
    for (const number of numbersIn(name)) {
      const count = byCase.get(number)
      if (count === undefined) continue
      count[outcome]++
      if (outcome === 'skipped') count.reasons.add(reason)
    }
  }
  const lines = []
  const problems = []
  for (const [number, section, fault] of CASES) {
    const { passed, failed, skipped, reasons } = byCase.get(number)
    const told = `${String(number).padStart(3)} ${section}`
    const rest = skipped === 0 ? '' : `, ${skipped} skipped (${[...reasons].join('; ')})`
    const count = `${passed} ${passed === 1 ? 'test' : 'tests'}${rest}`
    if (failed > 0) {
      lines.push(`${told} FAILED  ${fault}: ${failed} failed, ${count}`)
      problems.push(`fault ${number} failed: ${fault}`)
    } else if (passed > 0) lines.push(`${told} passed  ${fault}: ${count}`)
    else if (skipped > 0) lines.push(`${told} SKIPPED ${fault} (${[...reasons].join('; ')})`)
    else {
      lines.push(`${told} NO TEST ${fault}`)
      problems.push(`fault ${number} has no test: ${fault}`)
    }
  }
  return { lines, problems }
}
