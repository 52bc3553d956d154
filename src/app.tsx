import type { PropsWithChildren } from 'react'
import './app.scss'

/** The frame around every page. */
export default function App({ children }: PropsWithChildren) {
  return children
}
