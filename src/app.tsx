// First of all: what other sites put into the address is read before the router looks at it.
import './platform/arrival.ts'
import { usePageNotFound } from '@tarojs/taro'
import type { PropsWithChildren } from 'react'
import './app.scss'
import { pathTo } from './lib/paths.ts'
import { go } from './parts/go.ts'

/** The frame around every page. */
export default function App({ children }: PropsWithChildren) {
  usePageNotFound(() => void go.instead(pathTo.missing))
  return children
}
