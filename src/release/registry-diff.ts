// What a migration makes of a registry file, line by line: for people to read before it is written.

type Line = { readonly mark: ' ' | '-' | '+'; readonly text: string }

/** Lines of context around a change. */
const CONTEXT = 2
/** Larger tables are not laid out: the difference is then told as all of the old and all of the new. */
const CELLS = 4_000_000

const linesOf = (value: unknown): string[] => JSON.stringify(value, null, 2).split('\n')

/** Longest common subsequence by dynamic programming (Cormen et al., Introduction to Algorithms, 15.4). */
function compared(before: readonly string[], after: readonly string[]): Line[] {
  const [rows, columns] = [before.length, after.length]
  if (rows * columns > CELLS) {
    return [...before.map(text => ({ mark: '-' as const, text })), ...after.map(text => ({ mark: '+' as const, text }))]
  }
  const width = columns + 1
  const length = new Uint32Array((rows + 1) * width)
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const [down, right] = [length[(i + 1) * width + j]!, length[i * width + j + 1]!]
      length[i * width + j] = before[i] === after[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(down, right)
    }
  }
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < rows || j < columns) {
    if (i < rows && j < columns && before[i] === after[j]) {
      lines.push({ mark: ' ', text: before[i]! })
      i++
      j++
    } else if (j >= columns || (i < rows && length[(i + 1) * width + j]! >= length[i * width + j + 1]!)) {
      lines.push({ mark: '-', text: before[i++]! })
    } else lines.push({ mark: '+', text: after[j++]! })
  }
  return lines
}

/**
 * Changed lines with two lines around them; nothing where both are the same.
 *
 * @example registryDiff({ a: 1 }, { a: 2 }) // [' {', '-  "a": 1', '+  "a": 2', ' }']
 */
export function registryDiff(before: unknown, after: unknown): readonly string[] {
  const lines = compared(linesOf(before), linesOf(after))
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== ' '),
  )
  return lines.flatMap(({ mark, text }, at) => {
    if (near[at] === true) return [`${mark}${text}`]
    return at > 0 && near[at - 1] === true ? ['...'] : []
  })
}
