// `ratchet models import FILE`: a model by hand through the same gates as every other (SRV-34), or the blocks of a registry file (REL-55).

import { Fault, unwrap } from '../base/fault.ts'
import { importAlone, importBlocks } from '../loop/import-alone.ts'
import { reasonText, utcTime } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { count, example } from './lines.ts'

type ImportOptions = { readonly role?: string; readonly fittedUntil?: number; readonly reason: string }

async function blocks(file: string, { ports, out, state }: Session): Promise<number> {
  const adopted = await importBlocks(file, await state(), ports)
  out.result(adopted, [
    `${count(adopted.added.length, 'block')} taken over, ${adopted.known} known before`,
    'a registry file holds no models: releases come from their source with ratchet sync',
  ])
  return EXIT.done
}

async function model(file: string, { role, fittedUntil, reason }: ImportOptions, session: Session): Promise<number> {
  if (fittedUntil === undefined) {
    throw new Fault('USAGE', 'nobody can tell from a model what data it has seen', {
      place: '--fitted-until',
      fix: 'give the end of the data it was fitted on; gates judge it on later bars only',
    })
  }
  const { ports, out, state } = session
  const imported = unwrap(await importAlone({ file, role, fittedUntil, reason }, await state(), ports))
  const { outcome, gates } = imported.promotion
  const results = gates?.report.results.map(({ gate, result }) => ({ gate, result })) ?? []
  const { promotion: _, ...facts } = imported
  const lines = [`gates: ${results.map(({ gate, result }) => `${gate} ${result}`).join(', ') || 'none was asked'}`]
  if (outcome.ok) {
    out.result({ ...facts, installed: true, gates: results }, [
      `imported as ${facts.role} of release ${facts.label} (${facts.releaseId}), for paper only`,
      ...lines,
    ])
    return EXIT.done
  }
  const { fault } = outcome
  out.result({ ...facts, installed: false, gates: results, error: fault.toJSON() }, [
    `not imported: ${fault.code}: ${fault.message}`,
    ...lines,
    'the models in charge stay',
  ])
  return EXIT.refused
}

export const modelsImport: Verb = (group, act) => {
  group
    .command('import')
    .description(
      'put a model into its role of the release in charge, for paper, if every gate agrees; or take over the blocks of a registry file',
    )
    .argument('<file>', '.onnx, or a registry .json of the present shape')
    .option('--role <role>', 'meta, execution or rl_sizer (default: the one its output is named after)')
    .option('--fitted-until <time>', 'end of the data that the model was fitted on, in UTC', utcTime)
    .requiredOption('--reason <text>', 'why; it goes into the history', reasonText)
    .addHelpText('after', example('models import meta.onnx --fitted-until 2026-01-01 --reason "made by the desk"'))
    .action(
      act(async (session, file: string, options: ImportOptions) =>
        /\.json$/i.test(file) ? blocks(file, session) : model(file, options, session),
      ),
    )
}
