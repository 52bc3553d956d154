import type { PropsWithChildren } from 'react'

/**
 * The probe: a small app around src/platform, built by the product's own settings, so that the
 * platform's promises are shown in compiled form whatever the product's pages look like.
 */
export default function App({ children }: PropsWithChildren) {
  return children
}
