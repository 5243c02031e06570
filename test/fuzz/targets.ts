// The readers that are fuzzed, by name.

import { archive } from './archive-target.ts'
import { json } from './json-target.ts'
import { onnx } from './onnx-target.ts'
import { envelope, plain, pointer } from './signed-targets.ts'
import type { FuzzTarget } from './target.ts'

export const targets: Readonly<Record<string, FuzzTarget>> = { json, plain, envelope, pointer, archive, onnx }
