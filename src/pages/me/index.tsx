import { safetyNote } from '@jiyue/contract/payment'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { pathTo, tabs } from '../../lib/paths.ts'
import { forgetPeople, rememberedPeople } from '../../lib/people.ts'
import { go } from '../../parts/go.ts'
import { Icon, type IconName } from '../../parts/Icon.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card, Page } from '../../parts/Page.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { say, useAll, useWhileShown } from '../../parts/useApp.ts'
import { useUnread } from '../../parts/useUnread.ts'
import { app } from '../../phone.ts'
import './me.scss'

/** Who is signed in, and what this phone keeps about people. */
export default function Me() {
  const { signedIn } = useAll(app.session.store)
  const [people, setPeople] = useState(0)
  const [leaving, setLeaving] = useState(false)
  const unread = useUnread()
  const count = () => setPeople(rememberedPeople(app.phone.storage).length)
  useWhileShown(() => {
    count()
  })
  const forget = () => {
    forgetPeople(app.phone.storage)
    count()
    say('已清除本机记住的填写')
  }
  const signOut = async () => {
    setLeaving(true)
    await app.session.signOut()
    count()
    setLeaving(false)
  }

  return (
    <Page onRetry={count}>
      <View className="me">
        <View className="me__head">
          <View className="me__disc">
            <Icon name="person" size={32} />
          </View>
          <View className="me__who">
            <Text className="me__name">{signedIn ? signedIn.user.name || '已登录' : '未登录'}</Text>
            <Text className="me__phone">
              {signedIn
                ? (signedIn.user.phoneMasked ?? '未绑定手机号')
                : '登录后可在任意设备继续订单'}
            </Text>
          </View>
        </View>
        <Card>
          <Entry icon="list" title="我的订单" onTap={() => go.tab(tabs.orders)} />
          <Entry
            icon="bell"
            title="消息"
            {...(unread > 0 && { note: `${unread} 条未读` })}
            onTap={() => void go.to(pathTo.inbox())}
          />
          <Entry icon="person" title="常用信息" onTap={() => void go.to(pathTo.contacts)} />
          <Entry
            icon="lock"
            title="个人信息"
            note="查看、导出、删除"
            onTap={() => void go.to(pathTo.privacy)}
          />
          <Entry
            icon="info"
            title="投诉与建议"
            note="我的反馈"
            onTap={() => void go.to(pathTo.feedback(tabs.me))}
          />
          <Entry icon="shield" title="验证支付凭证" onTap={() => void go.to(pathTo.receipt())} />
          {people > 0 ? (
            <Entry
              icon="person"
              title="清除本机记住的填写"
              note={`本机记住了 ${people} 人`}
              onTap={forget}
            />
          ) : null}
        </Card>
        <Text className="me__safety">{safetyNote}</Text>
        {signedIn ? (
          <MainButton look="plain" text="退出登录" busy={leaving} onTap={signOut} />
        ) : (
          <MainButton text="登录" onTap={() => void app.session.ensure()} />
        )}
      </View>
    </Page>
  )
}

function Entry(props: { icon: IconName; title: string; note?: string; onTap: () => void }) {
  return (
    <Tap className="me__entry" onTap={props.onTap}>
      <Icon name={props.icon} size={20} />
      <Text className="me__title">{props.title}</Text>
      <Text className="me__note">{props.note ?? ''}</Text>
      <Icon name="right" />
    </Tap>
  )
}
