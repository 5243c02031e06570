// A release and its gate report as the registry's rows.

import type { VerifiedRelease } from '../release/release.ts'
import type { GateRun } from './gates/run.ts'
import type { GateReportRow, MemberRow, ReleaseRow, ReleaseState, ReleaseTexts } from './registry.ts'

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

export function releaseRow(
  release: VerifiedRelease,
  state: ReleaseState,
  firstSeen: number,
): ReleaseRow & ReleaseTexts {
  const { manifest, manifestSha256: digest, manifestBytes, members } = release
  const { releaseId, channel, version, label } = manifest
  const evaluation = text(members.get('evaluation.json'))
  return { digest, releaseId, channel, version, label, state, manifest: text(manifestBytes), evaluation, firstSeen }
}

export function memberRows({ manifest }: VerifiedRelease): MemberRow[] {
  return manifest.members.map(({ name, sha256, size, role, mediaType }) => ({ name, sha256, size, role, mediaType }))
}

export function gateRow({ report, text, sha256 }: GateRun, at: number): GateReportRow {
  const { digest, verdict, decidedBy } = report
  return { digest, at, reportSha256: sha256, report: text, verdict, decidedBy }
}
