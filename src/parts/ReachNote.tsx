import type { Reach } from '@jiyue/contract/area'
import { Text, View } from '@tarojs/components'
import { reachText } from '../lib/coverage.ts'
import { app } from '../phone.ts'
import { Icon } from './Icon.tsx'
import './reachNote.scss'

/** Whether the service comes to an address; nothing while too little is known (B3). */
export function ReachNote({ reach }: { reach: Reach | null }) {
  if (!reach) return null
  const look = { inside: '', outside: 'reach--outside', unknown: 'reach--unknown' }[reach.says]
  const icon = reach.says === 'inside' ? 'check' : reach.says === 'outside' ? 'cross' : 'pin'
  return (
    <View className={`reach ${look}`} {...{ role: 'status' }}>
      <Icon name={icon} />
      <Text className="reach__sentence">{reachText(reach, app.phone.placeWords)}</Text>
    </View>
  )
}
