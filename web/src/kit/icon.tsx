// Line icons, drawn here so that nothing is fetched. They stand beside words and say nothing by themselves.

const PATHS = {
  overview: 'M3 13a9 9 0 0 1 18 0M12 13l4-4M5 19h14',
  market: 'M6 4v3M6 15v4M4 7h4v8H4zM13 3v5M13 14v7M11 8h4v6h-4zM19 6v2M19 12v5M17.5 8h3v4h-3z',
  models: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  training: 'M3 5c3 8 7 12 18 12M3 20h18M3 3v17',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 4l12 8-12 8z',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8z',
  paper: 'M6 3h9l4 4v14H6zM15 3v4h4M9 12h6M9 16h6',
  close: 'M6 6l12 12M18 6L6 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  moon: 'M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z',
  help: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  dash: 'M5 12h14',
  warn: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  down: 'M6 9l6 6 6-6',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  back: 'M9 6l-5 5 5 5M4 11h10a6 6 0 0 1 6 6v1',
  drill: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM9.5 9.5l5 5M14.5 9.5l-5 5',
  hand: 'M8 12V6a1.5 1.5 0 0 1 3 0v5M11 11V4.5a1.5 1.5 0 0 1 3 0V11M14 11V6a1.5 1.5 0 0 1 3 0v8c0 4-2.5 7-6 7-3 0-4.5-1.5-6-4.5L4 13.5c.8-1.2 2.4-1 3 .2l1 1.8',
  pin: 'M9 3h6l-1 6 4 4H6l4-4zM12 13v8',
  shield: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-5',
  arrow: 'M4 12h15M13 6l6 6-6 6',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
} as const

export type IconName = keyof typeof PATHS

export function Icon({
  name,
  size = 16,
  filled = false,
}: {
  readonly name: IconName
  readonly size?: number
  readonly filled?: boolean
}) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
