import { clockText, dateText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { useRef } from 'react'
import { tabs } from '../../lib/paths.ts'
import { Empty } from '../../parts/Empty.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Card, Page } from '../../parts/Page.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { useAll, useOnce, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createInbox, type InboxState } from '../../stores/inbox.ts'
import './inbox.scss'

/** What we told the person, newest first; a tap leads to what it is about. */
export default function InboxPage() {
  const inbox = useOnce(() => createInbox(app))
  const { messages, signedIn, problem } = useAll(inbox.store)
  const stopFollowing = useRef(() => {})
  const load = async () => {
    await inbox.load()
    stopFollowing.current()
    stopFollowing.current = inbox.follow()
    await inbox.markRead()
  }
  useWhileShown(() => {
    void load()
    return () => stopFollowing.current()
  })
  const signIn = async () => {
    if (await app.session.ensure()) await load()
  }

  return (
    <Page onRetry={load}>
      <View className="inbox">{content()}</View>
    </Page>
  )

  function content() {
    if (!signedIn) {
      return (
        <Empty
          icon="person"
          title="登录后查看消息"
          hint="预约、改期、退款的每一步都会通知您"
          button="登录"
          onTap={signIn}
        />
      )
    }
    if (!messages) return problem ? <Failed problem={problem} onRetry={load} /> : <Bones />
    if (messages.length === 0) {
      return (
        <Empty
          icon="bell"
          title="还没有消息"
          hint="完成一次预约后，提醒和进度都会出现在这里"
          button="去预约"
          onTap={() => go.tab(tabs.home)}
        />
      )
    }
    return messages.map((one) => <Message key={one.id} message={one} />)
  }
}

type OneMessage = NonNullable<InboxState['messages']>[number]

function Message({ message }: { message: OneMessage }) {
  const { title, text, path, at, read } = message
  return (
    <Tap
      className={`inbox__item ${read ? '' : 'inbox__item--new'}`}
      role="link"
      label={`${read ? '' : '未读 '}${title} ${text}`}
      onTap={() => void go.to(path)}
    >
      <View className="inbox__head">
        {read ? null : <View className="inbox__dot" />}
        <Text className="inbox__title">{title}</Text>
        <Text className="inbox__time">{`${dateText(at)} ${clockText(at)}`}</Text>
      </View>
      <View className="inbox__body">
        <Text className="inbox__text">{text}</Text>
        <Icon name="right" />
      </View>
    </Tap>
  )
}

function Bones() {
  return (
    <Card>
      <BoneLines widths={['40%', '90%', '40%', '80%', '40%', '90%']} />
    </Card>
  )
}
