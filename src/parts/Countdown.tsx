import { countdownText } from '@jiyue/contract/time'
import { Text } from '@tarojs/components'
import { useEffect, useRef } from 'react'
import './countdown.scss'
import { useNow } from './useApp.ts'

/** Time left on the server's clock. `onEnd` is called once, at its end. */
export function Countdown({ until, onEnd }: { until: string; onEnd?: () => void }) {
  const left = Date.parse(until) - useNow(500)
  const ended = useRef(false)
  useEffect(() => {
    if (left > 0) ended.current = false
    if (left > 0 || ended.current) return
    ended.current = true
    onEnd?.()
  }, [left, onEnd])
  return (
    <Text className={`countdown ${left < 180_000 ? 'countdown--soon' : ''}`} {...{ role: 'timer' }}>
      {countdownText(left)}
    </Text>
  )
}
