// What differs between two feature schemas, in words: added, removed, moved, or the same column with another meaning.

import { canonicalJson } from '../../base/canonical-json.ts'
import type { FeatureColumn, FeatureSchema } from '../../market/feature-schema.ts'

function columnDiff(role: string, ours: readonly FeatureColumn[], theirs: readonly FeatureColumn[]): string[] {
  const differences: string[] = []
  const places = new Map(theirs.map((column, index) => [column.name, index]))
  for (const [index, column] of ours.entries()) {
    const place = places.get(column.name)
    if (place === undefined) differences.push(`${role}: ${column.name} removed`)
    else {
      const other = theirs[place]!
      if (place !== index) differences.push(`${role}: ${column.name} moved from ${index} to ${place}`)
      if (canonicalJson(column.range) !== canonicalJson(other.range)) {
        differences.push(
          `${role}: ${column.name} has the range ${other.range.join('..')}, not ${column.range.join('..')}`,
        )
      }
      const meaning = (one: FeatureColumn) => canonicalJson({ ...one, range: undefined })
      if (meaning(column) !== meaning(other)) differences.push(`${role}: ${column.name} is computed otherwise`)
    }
  }
  const known = new Set(ours.map(column => column.name))
  for (const column of theirs) if (!known.has(column.name)) differences.push(`${role}: ${column.name} added`)
  return differences
}

/**
 * @param ours the schema of the bot
 * @param theirs the schema a release was trained on
 * @example
 * schemaDiff({ meta: [rsi, atr] }, { meta: [atr, rsi] }) // ['meta: rsi moved from 0 to 1', 'meta: atr moved from 1 to 0']
 */
export function schemaDiff(ours: FeatureSchema, theirs: FeatureSchema): string[] {
  const roles = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort()
  return roles.flatMap(role => {
    const [mine, other] = [ours[role], theirs[role]]
    if (mine === undefined) return [`${role}: a role this bot has no columns for`]
    if (other === undefined) return [`${role}: the release has no columns for it`]
    return columnDiff(role, mine, other)
  })
}
