// Bad releases at the door: a model that answers nothing, one that answers NaN, one that is slow, a file cut short, a manifest that was
// changed after signing and one that is old.

import { accepted } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import { validateModel } from '../../onnx/validate.ts'
import type { ModelProbe } from '../../serving/probe.ts'
import type { SyncResult } from '../../serving/updater.ts'
import { forgedEnvelope } from '../drill.ts'
import { type BadKind, membersWithBad, trainedRole } from './bad-model.ts'
import { type Drill, type DrillResult, judged } from './drill.ts'
import type { DrillWorld } from './world.ts'

const codes = ({ refused }: SyncResult): string => refused.map(({ code, file }) => `${code} (${file ?? ''})`).join(', ')

/** Whether the champion still decides, in memory and for the next start, and nothing lies in staging. */
async function kept(world: DrillWorld, inMemory: string | undefined): Promise<string | undefined> {
  if (inMemory !== world.champion.manifestSha256) return 'the set in charge changed'
  if ((await world.disk.stat(world.paths.staging)) !== undefined) return 'staging is left'
  const { bot, booted } = await world.start()
  await booted.healthy()
  return bot.slot.current()?.digest === world.champion.manifestSha256 ? undefined : 'the next start has another set'
}

/** Offers files and expects one of these refusals, with the champion as it was. */
async function refusedWith(
  world: DrillWorld,
  files: ReadonlyMap<string, Uint8Array>,
  wanted: RegExp,
  probe?: ModelProbe,
): Promise<DrillResult> {
  const { bot, booted } = await world.start()
  await booted.healthy()
  const started = world.elapsed()
  const result = await world.pass({ ...bot, probe }, files)
  const ms = world.elapsed() - started
  const broken = await kept(world, bot.slot.current()?.digest)
  const refusal = result.refused.some(({ code, file }) => wanted.test(`${code} ${file}`))
  const observed = result.installed === 1 ? 'it was installed' : `refused with ${codes(result)}`
  return judged(refusal && broken === undefined, broken === undefined ? observed : `${observed}; ${broken}`, ms)
}

async function badModel(world: DrillWorld, kind: BadKind, wanted: RegExp): Promise<DrillResult> {
  const role = trainedRole(world.champion)
  if (role === undefined)
    return { verdict: 'skipped', reason: 'every model in charge is a stand-in, whose answers may be constant' }
  return refusedWith(world, world.offer({ members: membersWithBad(world.champion, role, kind) }).files, wanted)
}

/** Answers as the models do, and takes a second for each row. */
const slowProbe: ModelProbe = {
  async run(models) {
    const answers = new Map<string, Float32Array>()
    for (const [role, { bytes, asked, width }] of models) {
      const model = validateModel(bytes)
      const evaluator = model.ok ? compileModel(model.value) : model
      if (!evaluator.ok) return evaluator
      answers.set(role, evaluator.value.run(asked, asked.length / width).slice())
    }
    const latency = { p50Ms: 1_000, p95Ms: 1_000, p99Ms: 1_000, rows: 1_000 }
    const outputSha256 = sha256(new Uint8Array())
    return accepted({ runtime: 'drill', createMs: 1, latency, peakMb: 64, answers, outputSha256, heldBy: [] })
  },
}

export const releaseDrills: readonly Drill[] = [
  {
    name: 'bad-model',
    title: 'a model that answers everything alike is published, certified and signed',
    expected: 'parity, sanity or divergence (G5 to G7) refuses it; the set in charge stays',
    run: world => badModel(world, 'constant', /^GATE_REFUSED G[567]$/),
  },
  {
    name: 'nan-model',
    title: 'a model whose weights are not numbers is published',
    expected: 'G2 refuses it before it is asked anything; the set in charge stays',
    run: world => badModel(world, 'nan', /^GATE_REFUSED G2$|ONNX_/),
  },
  {
    name: 'slow-model',
    title: 'a model is measured at one second a decision',
    expected: 'G11 refuses it; the set in charge stays',
    run: world => refusedWith(world, world.offer().files, /^GATE_REFUSED G11$/, slowProbe),
  },
  {
    name: 'truncated-file',
    title: 'a model file ends in the middle',
    expected: 'refused by its signed size; nothing is left in staging',
    async run(world) {
      const { files } = world.offer()
      const [name, bytes] = [...files].find(([file]) => file.endsWith('.onnx'))!
      const cut = new Map([...files, [name, bytes.subarray(0, bytes.length / 2)]])
      return refusedWith(world, cut, /^MEMBER_|^TRANSFER_/)
    },
  },
  {
    name: 'forged-manifest',
    title: 'a stranger swaps a model and changes its hash in the signed manifest',
    expected: 'refused by the signature; the set in charge stays',
    async run(world) {
      const { files } = world.offer()
      const changed = new Map([...files, ['envelope.json', forgedEnvelope(files.get('envelope.json')!)]])
      return refusedWith(world, changed, /SIGNATURE/)
    },
  },
  {
    name: 'replayed-manifest',
    title: 'an old release, signed rightly, is published again',
    expected: 'refused as ROLLBACK, also after a restart',
    async run(world) {
      const old = world.offer({ version: 1 })
      const newer = world.offer({ version: 2, after: old })
      const { bot, booted } = await world.start()
      await booted.healthy()
      for (const { files } of [old, newer]) await world.pass(bot, files)
      const later = await world.start()
      await later.booted.healthy()
      const started = world.elapsed()
      const result = await world.pass(later.bot, old.files)
      const ms = world.elapsed() - started
      const refusal = result.refused.some(({ code }) => code === 'ROLLBACK')
      return judged(
        refusal && result.installed === 0,
        result.installed ? 'it was installed' : `refused with ${codes(result)}`,
        ms,
      )
    },
  },
]
