// The duels of the learning engine: what we claim to be faster at, and against whom.

import type { Duel } from '../duel.ts'

type Task = Omit<Duel, 'task'> & { readonly task: Readonly<Record<string, string | number>> }

/** Tasks get `rows`, `seed`, `threads` and `data` (the folder of `writeDuelData`) besides their own. */
export const LEARNING: readonly Task[] = [
  {
    name: 'random-forest/sklearn',
    unit: 's',
    better: 'lower',
    target: 20,
    quality: 'accuracy',
    allowance: 0.005,
    ours: 'learning/trees.ts',
    peer: 'peers/trees.py',
    task: { model: 'forest', library: 'sklearn', trees: 100, depth: 12 },
  },
  {
    name: 'gradient-boosting/sklearn',
    unit: 's',
    better: 'lower',
    target: 150,
    quality: 'R2',
    allowance: 0,
    ours: 'learning/trees.ts',
    peer: 'peers/trees.py',
    task: { model: 'boosting', library: 'sklearn', trees: 100, depth: 5, rate: 0.1 },
  },
  {
    name: 'gradient-boosting/xgboost',
    unit: 's',
    better: 'lower',
    target: 1,
    quality: 'R2',
    allowance: 0,
    ours: 'learning/trees.ts',
    peer: 'peers/trees.py',
    task: { model: 'boosting', library: 'xgboost', trees: 100, depth: 5, rate: 0.1 },
  },
]
