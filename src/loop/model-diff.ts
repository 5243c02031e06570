// Two releases side by side: what each was made from, what it measured, what its gates said and what it holds, where they differ.

import type { Registry } from '../serving/registry.ts'
import { type ModelDetail, showModel } from './model-catalogue.ts'

export type Fact = number | string | boolean | null

export type Difference = {
  /** `rows.fit`, `meta.holdout.logLoss`, `gate G10`, `models/meta.onnx`. */
  readonly fact: string
  /** Null where a release has no such fact. */
  readonly a: Fact
  readonly b: Fact
}

export type ModelDiff = {
  readonly a: Named
  readonly b: Named
  readonly differences: readonly Difference[]
  /** Facts that are the same in both. */
  readonly same: number
}

type Named = { readonly digest: string; readonly label: string; readonly releaseId: string }

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** Everything that can be compared, by name. */
function factsOf({ manifest, evaluation, gates, ...row }: ModelDetail): Map<string, Fact> {
  const { windows, rows, roles } = evaluation
  const facts = new Map<string, Fact>([
    ['channel', row.channel],
    ['version', row.version],
    ['state', row.state],
    ['issued', manifest.issuedAt],
    ['symbols', manifest.audience.symbols.join(', ')],
    ['provenance', manifest.provenance],
    ['fit from', day(windows.fit[0])],
    ['fit to', day(windows.fit[1])],
    ['holdout from', day(windows.holdout[0])],
    ['holdout to', day(windows.holdout[1])],
    ['trials', evaluation.trials],
    ['thin', evaluation.thin],
    ['gates', gates?.verdict ?? null],
    ['decided by', gates?.decidedBy ?? null],
  ])
  for (const [name, count] of Object.entries(rows)) facts.set(`rows.${name}`, count)
  for (const [role, { baseline, holdout }] of Object.entries(roles)) {
    facts.set(role, baseline ? 'stand-in' : 'trained')
    for (const [metric, { value }] of Object.entries(holdout)) facts.set(`${role}.holdout.${metric}`, value)
  }
  for (const { gate, result } of gates?.results ?? []) facts.set(`gate ${gate}`, result)
  for (const { name, sha256 } of manifest.members) facts.set(name, sha256)
  return facts
}

/** Faults: those of `findRelease` for either name. @example (await diffModels('1', '2', registry)).differences */
export async function diffModels(a: string, b: string, registry: Registry): Promise<ModelDiff> {
  const [one, other] = [await showModel(a, registry), await showModel(b, registry)]
  const [ofOne, ofOther] = [factsOf(one), factsOf(other)]
  const names = [...new Set([...ofOne.keys(), ...ofOther.keys()])]
  const all = names.map(fact => ({ fact, a: ofOne.get(fact) ?? null, b: ofOther.get(fact) ?? null }))
  const differences = all.filter(fact => fact.a !== fact.b)
  const named = ({ digest, label, releaseId }: ModelDetail): Named => ({ digest, label, releaseId })
  return { a: named(one), b: named(other), differences, same: all.length - differences.length }
}
