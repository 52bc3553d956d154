import {
  channelWords,
  reminderKinds,
  type TemplateName,
  unsentReasons,
} from '@jiyue/contract/reminder'
import type { Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import { Empty, Skeleton, Table } from 'antd'
import { useState } from 'react'
import { useAsk } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { Asked } from '../../parts/Asked.tsx'
import { DayRange } from '../../parts/DayRange.tsx'
import { Page } from '../../parts/Page.tsx'
import './messages.scss'
import { translated } from '../../english/text.ts'
import { templateWords } from './templateWords.ts'

type Report = Reply<'getMessageReport'>

const hostWords = { weapp: '微信', alipay: '支付宝' }

/** 消息 (X3): what was sent by which channel, and why the rest was not. */
export function Component() {
  const today = dayOf(serverNow())
  const [[from, to], setDays] = useState<[Day, Day]>([addDays(today, -6), today])
  const query = useAsk('getMessageReport', { query: { from, to } })
  return (
    <Page
      title="消息"
      about="每条消息只发送一次；未发送的都有原因。站内消息始终可见，其余渠道依次尝试"
    >
      <search className="filters">
        <DayRange from={from} to={to} onChange={(from, to) => setDays([from, to])} />
      </search>
      <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 10 }} />}>
        {(report) => (
          <div className="messages">
            <Kinds report={report} />
            <Channels report={report} />
            <Consents report={report} />
          </div>
        )}
      </Asked>
    </Page>
  )
}

function Kinds({ report }: { report: Report }) {
  return (
    <section className="card card-flush" aria-label="按消息类型">
      <h3 className="messages-title">按消息类型</h3>
      <Table
        rowKey="kind"
        size="middle"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={report.kinds}
        locale={{ emptyText: <Empty description="这些天没有消息" /> }}
        columns={[
          {
            title: '消息',
            dataIndex: 'kind',
            render: (kind: Kind) => translated(reminderKinds[kind].zh),
          },
          { title: '待发送', dataIndex: 'planned', align: 'right' },
          { title: '已发送', dataIndex: 'sent', align: 'right' },
          { title: '未发送', dataIndex: 'unsent', align: 'right' },
          { title: '未发送原因', dataIndex: 'reasons', render: whyText },
        ]}
      />
    </section>
  )
}
type Kind = Report['kinds'][number]['kind']

function Channels({ report }: { report: Report }) {
  return (
    <section className="card card-flush" aria-label="按渠道">
      <h3 className="messages-title">按渠道</h3>
      <Table
        rowKey="channel"
        size="middle"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={report.channels}
        columns={[
          {
            title: '渠道',
            dataIndex: 'channel',
            render: (channel: keyof typeof channelWords) => channelWords[channel],
          },
          { title: '送达', dataIndex: 'sent', align: 'right' },
          { title: '未用', dataIndex: 'unsent', align: 'right' },
          { title: '原因', dataIndex: 'reasons', render: whyText },
        ]}
      />
    </section>
  )
}

function Consents({ report }: { report: Report }) {
  if (report.consents.length === 0) return null
  return (
    <section className="card card-flush" aria-label="订阅授权">
      <h3 className="messages-title">订阅授权</h3>
      <p className="quiet messages-note">用户每同意一次，可发送一条；用完后只能再次征得同意</p>
      <Table
        rowKey={({ host, template }) => `${host} ${template}`}
        size="middle"
        pagination={false}
        dataSource={report.consents}
        columns={[
          {
            title: '平台',
            dataIndex: 'host',
            render: (host: keyof typeof hostWords) => hostWords[host],
          },
          {
            title: '模板',
            dataIndex: 'template',
            render: (name: TemplateName) => templateWords[name],
          },
          { title: '同意', dataIndex: 'given', align: 'right' },
          { title: '已用', dataIndex: 'spent', align: 'right' },
          { title: '剩余', dataIndex: 'left', align: 'right' },
        ]}
      />
    </section>
  )
}

function whyText(reasons: Report['kinds'][number]['reasons']) {
  if (reasons.length === 0) return <span className="quiet">—</span>
  return (
    <span className="two">
      {reasons.map(({ reason, count }) => (
        <span key={reason}>
          {unsentReasons[reason]} <strong>{count}</strong>
        </span>
      ))}
    </span>
  )
}
