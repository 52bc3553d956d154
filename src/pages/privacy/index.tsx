import type { MyData } from '@jiyue/contract/schema/privacy'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { tabs } from '../../lib/paths.ts'
import { Empty } from '../../parts/Empty.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { go } from '../../parts/go.ts'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card, Page } from '../../parts/Page.tsx'
import { type Row, Rows } from '../../parts/Rows.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { say, useAll, useOnce, useSayNext, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { saveText } from '../../platform/saveText.ts'
import { createPrivacy } from '../../stores/privacy.ts'
import { EraseSheet } from './EraseSheet.tsx'
import { NameCard } from './NameCard.tsx'
import { PicturesSheet, stampOf } from './PicturesSheet.tsx'
import './privacy.scss'

/** 个人信息 (X11): what is held, what was agreed to, taking it along, and erasing it. */
export default function PrivacyPage() {
  const sayNext = useSayNext()
  const privacy = useOnce(() => createPrivacy(app))
  const { data, problem } = useAll(privacy.store)
  const [erasing, setErasing] = useState(false)
  const [looking, setLooking] = useState(false)
  const load = () => void privacy.load()
  useWhileShown(load)
  const save = async () => {
    const done = await saveText('我的个人信息.json', privacy.text())
    say({ saved: '已下载', copied: '已复制全部信息，可粘贴保存', failed: '未能导出，请重试' }[done])
  }
  if (!data) {
    return (
      <Page onRetry={load}>
        <View className="privacy">
          {problem?.code === 'unauthenticated' ? (
            <>
              <Empty
                icon="shield"
                title="登录后查看个人信息"
                hint="只有您本人可以查看、导出和删除"
              />
              <MainButton text="登录" onTap={load} />
            </>
          ) : problem ? (
            <Failed problem={problem} onRetry={load} />
          ) : (
            <Card>
              <BoneLines widths={['40%', '80%', '40%', '80%']} />
            </Card>
          )}
        </View>
      </Page>
    )
  }
  return (
    <Page onRetry={load}>
      <View className="privacy">
        <NameCard />
        <Card title="我们保存了什么">
          <Rows rows={heldOf(data)} />
          <View className="privacy__gap" />
          {data.pictures.length > 0 ? (
            <>
              <MainButton look="plain" text="查看上传的图片" onTap={() => setLooking(true)} />
              <View className="privacy__gap" />
            </>
          ) : null}
          <MainButton look="plain" text="导出全部信息" onTap={save} />
        </Card>
        <Card title="同意记录">
          {data.agreements.length === 0 ? (
            <Text className="privacy__quiet">还没有记录；提交报名时会记下您同意的版本和时间</Text>
          ) : (
            data.agreements.map(({ at, version, order }) => (
              <View key={at + (order ?? '')} className="privacy__one">
                <Text>{`个人信息说明（第 ${version} 版）`}</Text>
                <Text className="privacy__quiet">
                  {`${stampOf(at)}${order ? ` · 订单 ${order}` : ''}`}
                </Text>
              </View>
            ))
          )}
        </Card>
        <Card title="删除个人信息">
          <Text className="privacy__quiet">
            一次删除账号和全部报名内容，删除后无法恢复。依法须保留的支付记录不再与您关联。
          </Text>
          <View className="privacy__gap" />
          <MainButton look="danger" text="删除我的信息" onTap={() => setErasing(true)} />
        </Card>
      </View>
      {looking ? <PicturesSheet privacy={privacy} onClose={() => setLooking(false)} /> : null}
      {erasing ? (
        <EraseSheet
          privacy={privacy}
          onClose={() => setErasing(false)}
          onDone={() => {
            sayNext('您的个人信息已删除')
            void go.tab(tabs.home)
          }}
        />
      ) : null}
    </Page>
  )
}

function heldOf(data: MyData): Row[] {
  const answers = data.orders.reduce((sum, one) => sum + one.answers.length, 0)
  const payments = data.orders.reduce((sum, one) => sum + one.payments.length, 0)
  const ways = data.identities.map(({ host }) => hostWords[host] ?? host)
  return [
    { label: '手机号', value: data.profile.phone ?? '未绑定' },
    { label: '登录方式', value: ways.join('、') || '手机号' },
    { label: '常用信息', value: `${data.contacts.length} 条` },
    { label: '订单', value: `${data.orders.length} 个，报名内容 ${answers} 项` },
    { label: '支付记录', value: `${payments} 笔` },
    { label: '上传的图片', value: `${data.pictures.length} 张` },
    { label: '消息', value: `${data.messages.length} 条` },
  ]
}

const hostWords: Record<string, string> = {
  weapp: '微信小程序',
  alipay: '支付宝小程序',
  'wechat-browser': '微信',
}
