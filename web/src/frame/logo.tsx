// The name and its sign: a wheel that only turns forward.

export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 font-bold text-base tracking-tight">
      <svg aria-hidden="true" width="22" height="22" viewBox="0 0 32 32" className="text-brass">
        <path
          fill="currentColor"
          d="M16 2v5.5l4.9-2.6-1.6 5.2 6.2-1.2-3.6 4.2 8.1 1.7-8.1 2.7 5.2 3.4-6.2.3 2.6 5.1-5.4-2.2-.6 5.9-3.5-4.8-3.5 4.8-.6-5.9-5.4 2.2 2.6-5.1-6.2-.3 5.2-3.4L1 14.8l8.1-1.7-3.6-4.2 6.2 1.2-1.6-5.2L16 7.5z"
        />
        <circle cx="16" cy="15.5" r="4" className="fill-panel" />
      </svg>
      Ratchet
    </span>
  )
}
