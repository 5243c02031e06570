// The duels of the learning engine: what we claim to be faster at, and against whom.

import type { Duel } from '../duel.ts'

type Task = Omit<Duel, 'task'> & { readonly task: Readonly<Record<string, string | number>> }

/** Tasks get `rows`, `seed`, `threads` and `data` (the folder of `writeDuelData`) besides their own. */
export const LEARNING: readonly Task[] = []
