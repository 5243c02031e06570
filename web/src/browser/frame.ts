// The next frame, or half a second where the page is hidden and no frame comes: a hidden page still keeps up.

const HIDDEN_MS = 500

export function nextFrame(work: () => void): void {
  if (document.hidden) window.setTimeout(work, HIDDEN_MS)
  else {
    let done = false
    const once = (): void => {
      if (!done) work()
      done = true
    }
    window.requestAnimationFrame(once)
    window.setTimeout(once, HIDDEN_MS)
  }
}
