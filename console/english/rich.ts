import { createElement, Fragment, type ReactNode } from 'react'
import { keyOf } from './keyOf.ts'
import { catalogue } from './language.ts'
import { filled } from './pattern.ts'

/** A text among whose holes are elements. */
export function rich(parts: TemplateStringsArray, ...holes: ReactNode[]): ReactNode {
  const english = catalogue?.[keyOf(parts)]
  const children =
    english === undefined
      ? parts.flatMap((part, at): ReactNode[] => [part, holes[at]])
      : filled<ReactNode>(english, holes)
  return createElement(Fragment, null, ...children)
}
