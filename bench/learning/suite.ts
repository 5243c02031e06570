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
    // Whether trees grown on all rows find the product of two columns is luck here (R2 0.62 to 0.69 by data seed, for either side); on half
    // of the rows they do, so both sides draw.
    task: { model: 'boosting', library: 'xgboost', trees: 100, depth: 5, rate: 0.1, rowShare: 0.5 },
  },
  {
    name: 'mlp-64/torch',
    unit: 'ms/step',
    better: 'lower',
    target: 3,
    quality: 'R2',
    allowance: 0.005,
    ours: 'learning/nets.ts',
    peer: 'peers/nets.py',
    task: { model: 'mlp', batch: 64, epochs: 10, rate: 1e-3, hidden: 64, trial: 200 },
  },
  {
    name: 'mlp-256/torch',
    unit: 'ms/step',
    better: 'lower',
    target: 2,
    quality: 'R2',
    allowance: 0.005,
    ours: 'learning/nets.ts',
    peer: 'peers/nets.py',
    task: { model: 'mlp', batch: 256, epochs: 10, rate: 1e-3, hidden: 64, trial: 200 },
  },
  {
    name: 'lstm-64/torch',
    unit: 'ms/step',
    better: 'lower',
    target: 1.5,
    quality: 'R2',
    allowance: 0.01,
    ours: 'learning/nets.ts',
    peer: 'peers/nets.py',
    task: {
      model: 'lstm',
      batch: 64,
      epochs: 3,
      rate: 3e-3,
      hidden: 50,
      lookback: 60,
      windows: 5_120,
      testWindows: 2_000,
      trial: 10,
    },
  },
  {
    name: 'cvar-ppo/torch',
    unit: 'steps/s',
    better: 'higher',
    target: 5,
    // Seeds of either side differ by 0.05 in standard deviation around 6.3; two of those are no difference.
    quality: 'mean session in R',
    allowance: 0.1,
    ours: 'learning/ppo.ts',
    peer: 'peers/ppo.py',
    // The peer is faster with one thread than with two: its products are too small to share.
    task: { envs: 8, horizon: 128, epochs: 4, batch: 256, iterations: 100, cvarLimit: 4, torchThreads: 1 },
  },
]
