// The search methods by name (SEARCH-01).

import type { SearchMethod } from '../method.ts'
import { cmaEs } from './cma-es.ts'
import { gaussianProcess } from './gaussian-process.ts'
import { grid } from './grid.ts'
import { halving } from './halving.ts'
import { random } from './random.ts'
import { tpe } from './tpe.ts'

export const SEARCH_METHODS: readonly SearchMethod[] = [tpe, random, grid, gaussianProcess, cmaEs, halving]

export const methodNamed = (name: string): SearchMethod | undefined =>
  SEARCH_METHODS.find(method => method.name === name)
