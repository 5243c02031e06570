// How one operator becomes a closure over preallocated arrays.

import type { OnnxNode } from '../model.ts'
import type { Value } from './value.ts'

export type Compiled = {
  readonly outputs: readonly Value[]
  /** Computes the outputs from what the inputs' arrays hold now. Never allocates. */
  readonly run: () => void
}

/** Faults when the node asks for something that is not evaluated; an input is undefined where it is omitted. */
export type Kernel = (node: OnnxNode, inputs: readonly (Value | undefined)[]) => Compiled

export type KernelEntry = {
  readonly kernel: Kernel
  /** Attributes that the kernel obeys; a node with another one is refused. */
  readonly attributes: readonly string[]
}

export const kernelEntry = (kernel: Kernel, ...attributes: readonly string[]): KernelEntry => ({ kernel, attributes })

/** For outputs that share the array of an input. */
export const nothingToRun = (): void => {}
