// `ratchet models inspect FILE`: what a model, an archive or a registry file holds, and whether it would be read (REL-56).

import {
  type Inspected,
  type InspectedArchive,
  type InspectedModel,
  type InspectedRegistry,
  inspectFile,
} from '../loop/inspect-file.ts'
import type { OnnxValue } from '../onnx/model.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example, short, table } from './lines.ts'

const shown = ({ name, type, dims }: OnnxValue): string => `${name}: ${type} [${dims.join(', ')}]`

function modelLines({
  sha256,
  size,
  ir,
  opset,
  producer,
  operators,
  inputs,
  outputs,
  metadata,
}: InspectedModel): string[] {
  const counts = Object.entries(operators).map(([name, count]) => `${count} ${name}`)
  return [
    'a model that would be read',
    `digest      ${sha256}, ${size} bytes`,
    `format      IR ${ir}, opset ${opset}${producer === '' ? '' : `, by ${producer}`}`,
    `inputs      ${inputs.map(shown).join('; ')}`,
    `outputs     ${outputs.map(shown).join('; ')}`,
    `operators   ${counts.join(', ')}`,
    ...Object.entries(metadata).map(([key, value]) => `metadata    ${key} = ${value.slice(0, 80)}`),
  ]
}

function archiveLines({ sha256, size, metadata, files }: InspectedArchive): string[] {
  const about =
    metadata === null
      ? 'none'
      : [metadata.family, metadata.symbol, metadata.semVer].filter(Boolean).join(' ') || 'there'
  return [
    'an archive; nobody signed it, so nothing in it is trusted',
    `digest      ${sha256}, ${size} bytes`,
    `metadata    ${about}`,
    ...table(
      files.map(({ label, kind, sha256, size, listed, problem }) => [
        `  ${label}`,
        kind === 'opaque' ? 'opaque, never opened' : kind,
        `${size} bytes`,
        short(sha256),
        listed ? 'digest as listed' : 'not listed',
        problem === undefined ? '' : `${problem.code}: ${problem.sentence}`,
      ]),
    ),
  ]
}

function registryLines({ shape, image }: InspectedRegistry): string[] {
  const { updatedAt, channel, active, available, installed, blocked, pinned } = image
  const charge = Object.entries(active).map(([slot, release]) => `${slot}: ${release}`)
  return [
    shape === 'image'
      ? 'a registry file of the present shape'
      : `a registry file of the shape "${shape}"; ratchet models migrate makes it one of the present shape`,
    `updated     ${updatedAt}, channel ${channel}`,
    `in charge   ${charge.length === 0 ? 'nothing' : charge.join(', ')}`,
    `holds       ${available.length} available, ${installed.length} installed, ${blocked.length} blocked, ${pinned.length} pinned`,
    ...table(
      [...installed, ...available].map(({ id, state, version, sha256 }) => [
        `  ${id}`,
        state,
        version ?? '',
        sha256 === null ? 'no digest' : short(sha256),
      ]),
    ),
  ]
}

function linesOf(found: Inspected): string[] {
  if (found.kind === 'model') return modelLines(found)
  return found.kind === 'archive' ? archiveLines(found) : registryLines(found)
}

export const modelsInspect: Verb = (group, act) => {
  group
    .command('inspect')
    .description('look into a model, an archive of models or a registry file; exit code 0 sound, 1 refused')
    .argument('<file>', '.onnx, .zip or a registry .json')
    .addHelpText('after', example('models inspect model.onnx'))
    .action(
      act(async ({ ports, out }, file: string) => {
        const found = await inspectFile(file, ports)
        out.result(found, linesOf(found))
        const broken = found.kind === 'archive' && found.files.some(({ problem }) => problem !== undefined)
        return broken ? EXIT.refused : EXIT.done
      }),
    )
}
