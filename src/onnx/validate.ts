// The door for model files: whatever the bytes are, they come out as a model that is safe to build, or as a refusal with its reason.

import { accepted, Fault, type Outcome, refused } from '../base/fault.ts'
import { checkOps } from './allow-list.ts'
import { decodeModel } from './decode.ts'
import { checkGraph, checkNumbers, checkVersions } from './graph-checks.ts'
import type { OnnxModel } from './model.ts'
import { checkTrees } from './tree-checks.ts'
import { checkWire } from './wire.ts'

/**
 * Checks a file against SRV-10 and SRV-11 in plain TypeScript, before any native code sees it. Never throws and never hangs.
 * Every refusal has a code `ONNX_...` and the place: a byte, a node, a tensor.
 *
 * @example
 * const outcome = validateModel(await disk.read(path, LIMITS.bytes))
 * if (!outcome.ok) log.warn(outcome.fault.code)
 */
export function validateModel(bytes: Uint8Array): Outcome<OnnxModel> {
  try {
    checkWire(bytes)
    const decoded = decodeModel(bytes)
    if (!decoded.ok) return decoded
    const model = decoded.value
    checkVersions(model)
    checkOps(model)
    checkGraph(model)
    checkNumbers(model)
    checkTrees(model)
    return accepted(model)
  } catch (cause) {
    if (cause instanceof Fault) return { ok: false, fault: cause }
    // Hostile bytes must not end the process that reads them, whatever they found in us.
    return refused('ONNX_MALFORMED', 'the file could not be read', { cause })
  }
}
