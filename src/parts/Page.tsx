import { Text, View } from '@tarojs/components'
import { useDidShow, useRouter } from '@tarojs/taro'
import type { PropsWithChildren, ReactNode } from 'react'
import { pathTo } from '../lib/paths.ts'
import { app } from '../phone.ts'
import { arrived, go } from './go.ts'
import './page.scss'
import { SignInSheet } from './SignInSheet.tsx'
import { Tap } from './Tap.tsx'
import { useSaying, useShown } from './useApp.ts'
import { WeakBanner } from './WeakBanner.tsx'

interface PageProps {
  /** Reads everything again: the banner's button, and after signing in. */
  onRetry: () => void
}

/** The frame of every page: weak-network banner above, 投诉与建议 below, sign-in sheet over it. */
export function Page({ onRetry, children }: PropsWithChildren<PageProps>) {
  const shown = useShown()
  useSaying(shown)
  useDidShow(arrived)
  return (
    <View className="page">
      <WeakBanner onRetry={onRetry} />
      {children}
      <FeedbackEntry />
      {shown ? <SignInSheet session={app.session} /> : null}
    </View>
  )
}

/** Pages whose `id` is an order. */
const ofOrder = /^\/?pages\/(order|registration|payment|move)\//

/** At the end of every page but its own (G8). */
function FeedbackEntry() {
  const { path, params } = useRouter()
  const from = path.split('?')[0] ?? ''
  if (from.indexOf('pages/feedback') >= 0) return null
  const open = () => go.to(pathTo.feedback(from, ofOrder.test(from) ? params.id : undefined))
  return (
    <Tap className="page__feedback" role="link" onTap={() => void open()}>
      <Text>投诉与建议</Text>
    </Tap>
  )
}

/**
 * Two columns side by side from 768 px on: what it is about left, what to do right (T7). On phones
 * they stand under each other in the order head, side, more, with the bar fixed at the bottom.
 */
export function Columns(props: {
  head: ReactNode
  side: ReactNode
  more?: ReactNode
  bar?: ReactNode
}) {
  return (
    <View className={`columns ${props.bar ? 'columns--barred' : ''}`}>
      <View className="columns__head">{props.head}</View>
      <View className="columns__side">
        {props.side}
        {props.bar ? <View className="bar">{props.bar}</View> : null}
      </View>
      {props.more ? <View className="columns__more">{props.more}</View> : null}
    </View>
  )
}

/** A white card with an optional title. */
export function Card({
  title,
  aside,
  children,
}: PropsWithChildren<{ title?: string; aside?: ReactNode }>) {
  return (
    <View className="card">
      {title ? (
        <View className="card__head">
          <Text className="card__title">{title}</Text>
          {aside}
        </View>
      ) : null}
      {children}
    </View>
  )
}
