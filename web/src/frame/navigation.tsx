// The pages: beside the content where there is room, below it under a thumb.

import { hrefOf, PAGES, type PageName } from '../base/route.ts'
import { Icon } from '../kit/icon.tsx'
import { text } from '../texts/text.ts'

export function Navigation({ page }: { readonly page: PageName }) {
  return (
    <nav
      aria-label={text('nav.label')}
      className="z-30 flex border-line bg-panel max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:border-t lg:sticky lg:top-12 lg:h-[calc(100dvh-3rem)] lg:w-[5.5rem] lg:flex-col lg:gap-1 lg:border-r lg:p-1.5"
    >
      {PAGES.map(name => (
        <a
          key={name}
          href={hrefOf({ page: name })}
          aria-current={name === page ? 'page' : undefined}
          title={text(`nav.${name}.key`)}
          className={`flex min-h-12 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 rounded-sm border-transparent px-1 text-2xs lg:flex-none lg:border-l-2 lg:py-2 ${name === page ? 'bg-brass-wash font-semibold text-ink lg:border-brass' : 'text-soft hover:bg-sunk'}`}
        >
          <Icon name={name} size={19} />
          <span className="max-w-full">{text(`nav.${name}`)}</span>
        </a>
      ))}
    </nav>
  )
}
