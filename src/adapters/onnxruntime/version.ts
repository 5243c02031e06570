// Which runtime this is: part of every certificate and report that its numbers go into.

import { createRequire } from 'node:module'

export const RUNTIME = createRequire(import.meta.url)('onnxruntime-node/package.json') as { readonly version: string }
