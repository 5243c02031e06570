// How good each model of a release is on the holdout, beside its baselines; calibration and importance.

import { useState } from 'react'
import type { ReleaseDetail } from '../../../src/api/schemas/releases.ts'
import { Choice } from '../kit/choice.tsx'
import { Tag } from '../kit/tag.tsx'
import { text } from '../texts/text.ts'
import { CalibrationPlot } from './calibration-plot.tsx'
import { DriftBars } from './drift-bars.tsx'
import { ImportanceBars } from './importance-bars.tsx'
import { MetricTable } from './metric-table.tsx'

export function QualityView({ release: { roles, drift } }: { readonly release: ReleaseDetail }) {
  const [name, setName] = useState(() => (roles.find(({ role }) => role === 'meta') ?? roles[0])?.role ?? '')
  const role = roles.find(candidate => candidate.role === name) ?? roles[0]
  if (role === undefined) return null
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-3">
        <Choice
          inline
          label={text('quality.role')}
          value={role.role}
          options={roles.map(({ role: value }) => ({ value, words: value }))}
          onChange={setName}
        />
        {role.baseline && <Tag tone="warn">{text('quality.standIn')}</Tag>}
      </div>
      <MetricTable role={role} />
      <div className="grid gap-4 md:grid-cols-2">
        {role.calibration.length > 0 && <CalibrationPlot points={role.calibration} />}
        {role.importance.length > 0 && <ImportanceBars importance={role.importance} />}
      </div>
      {drift !== null && <DriftBars drift={drift} />}
    </div>
  )
}
