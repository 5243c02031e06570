// Which runtime this is: part of every certificate and report that its numbers go into.

import { createRequire } from 'node:module'

let found: { readonly version: string } | undefined

/** Read when it is asked: a program that only serves may go without the runtime. */
export function runtimeVersion(): string {
  found ??= createRequire(import.meta.url)('onnxruntime-node/package.json') as { readonly version: string }
  return found.version
}
