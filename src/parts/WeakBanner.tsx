import { refusals } from '@jiyue/contract/refusals'
import { Text, View } from '@tarojs/components'
import { app } from '../phone.ts'
import { Icon } from './Icon.tsx'
import { Tap } from './Tap.tsx'
import { useAll } from './useApp.ts'
import './weakBanner.scss'

/** 「网络信号弱，正在努力加载中」: what is known stays on screen, and a tap tries again (T9). */
export function WeakBanner({ onRetry }: { onRetry: () => void }) {
  const { weak } = useAll(app.net)
  if (!weak) return null
  const retry = () => {
    void app.wake()
    onRetry()
  }
  return (
    <View className="weak" {...{ role: 'status' }}>
      <Icon name="signal" size={18} />
      <Text className="weak__text">{refusals.unavailable.zh}</Text>
      <Tap className="weak__retry" onTap={retry}>
        <Text>重试</Text>
      </Tap>
    </View>
  )
}
