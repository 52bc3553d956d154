import type { TemplateName } from '@jiyue/contract/reminder'
import { Text, View } from '@tarojs/components'
import { useEffect } from 'react'
import { app } from '../phone.ts'
import './consentCard.scss'
import { Icon } from './Icon.tsx'
import { MainButton } from './MainButton.tsx'
import { Card } from './Page.tsx'
import { say, useAll } from './useApp.ts'

const wanted: readonly TemplateName[] = ['start', 'booking', 'money']

/** Offers the host's own messages where none is allowed any more; a browser has none. */
export function ConsentCard() {
  const { asking, declined, templates } = useAll(app.consents.store)
  useEffect(() => {
    void app.consents.load()
  }, [])
  const missing = templates ? app.consents.missing(wanted) : []
  if (missing.length === 0 || declined) return null
  const wallet = app.phone.scene() === 'alipay' ? '支付宝' : '微信'
  const ask = async () => {
    if (await app.consents.ask(wanted)) say('已开启，开始前会提醒您')
  }
  return (
    <Card>
      <View className="consent">
        <Icon name="bell" size={20} />
        <Text className="consent__text">{`开启${wallet}提醒，开始前一天和 2 小时通知您`}</Text>
        <MainButton small look="plain" text="开启" busy={asking} onTap={() => void ask()} />
      </View>
    </Card>
  )
}
