// Keeps what stands around a part, the kill switch before all, when the part breaks or its code cannot be fetched.

import { Component, type ReactNode } from 'react'
import { Broken } from './states.tsx'

type State = { readonly failed: boolean; readonly error: unknown }

/** React offers this to classes only. */
export class Boundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failed: false, error: undefined }

  static getDerivedStateFromError(error: unknown): State {
    return { failed: true, error }
  }

  override render(): ReactNode {
    const { failed, error } = this.state
    // Code that failed to load is asked for again only by a page that is loaded anew.
    return failed ? <Broken error={error} onRetry={() => window.location.reload()} /> : this.props.children
  }
}
