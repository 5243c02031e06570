// From the decision down to the data that its model learned from, and the columns it saw.

import type { Explanation } from '../../../src/api/schemas/market.ts'
import { figure, short, whole } from '../base/format.ts'
import { hrefOf } from '../base/route.ts'
import { dateOf } from '../base/time.ts'
import { Icon } from '../kit/icon.tsx'
import { Tag } from '../kit/tag.tsx'
import { Term } from '../kit/term.tsx'
import { text } from '../texts/text.ts'
import { WhyPart } from './why-part.tsx'

export function WhyLineage({ explanation: { lineage, features } }: { readonly explanation: Explanation }) {
  return (
    <>
      <WhyPart title={text('why.lineage')}>
        {lineage === null ? <p>{text('why.lineage.none')}</p> : <LineageFacts {...lineage} />}
      </WhyPart>
      {features.columns.length > 0 && (
        <details>
          <summary className="font-semibold text-2xs text-mute uppercase tracking-wider">
            {text('why.features', { count: features.columns.length })}
          </summary>
          <dl className="mt-1.5 grid grid-cols-[1fr_auto] gap-x-3 gap-y-0.5">
            {features.columns.map(({ name, value }) => (
              <div key={name} className="contents">
                <dt className="text-soft">{name}</dt>
                <dd className="text-right">{figure(value)}</dd>
              </div>
            ))}
            {features.hash !== null && (
              <>
                <dt className="text-mute">{text('why.features.hash')}</dt>
                <dd className="text-right font-mono text-2xs" title={features.hash}>
                  {short(features.hash)}
                </dd>
              </>
            )}
          </dl>
        </details>
      )}
    </>
  )
}

function LineageFacts({
  label,
  digest,
  fit,
  holdout,
  rows,
  dataHash,
  signatureValid,
  keyIds,
  codeVersion,
}: NonNullable<Explanation['lineage']>) {
  const days = ([from, to]: readonly [number, number]): string => `${dateOf(from, 'UTC')} – ${dateOf(to, 'UTC')}`
  return (
    <dl className="grid grid-cols-[6.5rem_1fr] gap-x-3 gap-y-1">
      <dt className="text-mute">{text('word.release')}</dt>
      <dd>
        <a
          className="inline-flex items-center gap-1 font-semibold underline underline-offset-2"
          href={hrefOf({ page: 'models', query: { release: digest } })}
        >
          {label}
          <Icon name="link" size={12} />
        </a>
      </dd>
      <dt className="text-mute">{text('lineage.fit')}</dt>
      <dd>{days(fit)}</dd>
      <dt className="text-mute">
        <Term name="holdout">{text('word.holdout')}</Term>
      </dt>
      <dd>{days(holdout)}</dd>
      <dt className="text-mute">{text('lineage.rows')}</dt>
      <dd>{whole(rows)}</dd>
      <dt className="text-mute">
        <Term name="dataHash">{text('word.dataHash')}</Term>
      </dt>
      <dd className="break-all font-mono text-2xs">{dataHash}</dd>
      <dt className="text-mute">
        <Term name="signature">{text('word.signature')}</Term>
      </dt>
      <dd className="flex flex-wrap items-center gap-1.5">
        {signatureValid ? (
          <Tag tone="good">{text('signature.valid')}</Tag>
        ) : (
          <Tag tone="bad">{text('signature.invalid')}</Tag>
        )}
        <span className="font-mono text-2xs">{keyIds.join(', ')}</span>
      </dd>
      <dt className="text-mute">{text('lineage.code')}</dt>
      <dd>{codeVersion}</dd>
    </dl>
  )
}
