// The nearest known name to a misspelt one, by edit distance (Levenshtein), for "did you mean".

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change))
    }
    row = next
  }
  return row[b.length]!
}

/** @example nearest('trian', ['train', 'sync']) // 'train' */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const measured = known
    .map(candidate => ({ candidate, away: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)
  const best = measured[0]
  return best !== undefined && best.away <= Math.max(2, name.length / 3) ? best.candidate : undefined
}
