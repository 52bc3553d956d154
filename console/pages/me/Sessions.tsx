import { Button, Popconfirm, Skeleton, Table, Tag } from 'antd'
import { useAct } from '../../acting.ts'
import { queries, useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { stampText } from '../../stamp.ts'
import { agentWord } from './agentWord.ts'

const done = () => void queries.invalidateQueries()

/** 登录设备: each can be ended; it is out at that moment, also on its live screens. */
export function Sessions() {
  const sessions = useAsk('listSessions', {})
  const end = useAct('deleteOwnSession', { done })
  const endOthers = useAct('deleteOtherSessions', { done })
  return (
    <section className="card me-wide">
      <Asked query={sessions} waiting={<Skeleton active paragraph={{ rows: 3 }} />}>
        {({ sessions }) => (
          <>
            <header className="card-head">
              <h2>登录设备</h2>
              <Popconfirm
                title="退出其他所有设备？"
                okText="全部退出"
                disabled={sessions.length < 2}
                onConfirm={() => endOthers.mutate({})}
              >
                <Reasoned reason={sessions.length < 2 ? '没有其他登录设备' : null}>
                  退出其他设备
                </Reasoned>
              </Popconfirm>
            </header>
            <Table
              rowKey="id"
              dataSource={sessions}
              pagination={false}
              scroll={{ x: 'max-content' }}
              columns={[
                {
                  title: '设备',
                  render: (_, one) => (
                    <span title={one.agent ?? ''}>
                      {agentWord(one.agent)} {one.current && <Tag color="processing">本机</Tag>}
                    </span>
                  ),
                },
                { title: '网络地址', render: (_, one) => one.address ?? '未记录' },
                { title: '登录时间', render: (_, one) => stampText(one.openedAt) },
                { title: '最近使用', render: (_, one) => stampText(one.seenAt) },
                {
                  title: '',
                  align: 'right',
                  render: (_, one) =>
                    one.current ? null : (
                      <Button
                        danger
                        loading={end.isPending}
                        onClick={() => end.mutate({ params: { id: one.id } })}
                      >
                        退出
                      </Button>
                    ),
                },
              ]}
            />
          </>
        )}
      </Asked>
    </section>
  )
}
